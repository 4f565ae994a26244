// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface Host {
  'name'?: (string);
  'address'?: (string);
  'port'?: (number);
  'agentId'?: (string);
  'state'?: (string);
  'version'?: (string);
  'user'?: (string);
  'containment'?: (string);
  'lastSeenMs'?: (number | string | Long);
  'runningJobs'?: (number);
  'detail'?: (string);
  'build'?: (string);
  '_lastSeenMs'?: "lastSeenMs";
  '_detail'?: "detail";
}

export interface Host__Output {
  'name': (string);
  'address': (string);
  'port': (number);
  'agentId': (string);
  'state': (string);
  'version': (string);
  'user': (string);
  'containment': (string);
  'lastSeenMs'?: (number);
  'runningJobs': (number);
  'detail'?: (string);
  'build': (string);
  '_lastSeenMs'?: "lastSeenMs";
  '_detail'?: "detail";
}
