// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface StatusReply {
  'version'?: (string);
  'pid'?: (number);
  'home'?: (string);
  'startedAtMs'?: (number | string | Long);
  'runningRuns'?: (number);
  'runningJobs'?: (number);
  'connectedHosts'?: (number);
}

export interface StatusReply__Output {
  'version': (string);
  'pid': (number);
  'home': (string);
  'startedAtMs': (number);
  'runningRuns': (number);
  'runningJobs': (number);
  'connectedHosts': (number);
}
