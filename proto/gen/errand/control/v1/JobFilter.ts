// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface JobFilter {
  'jobIds'?: (string)[];
  'hosts'?: (string)[];
  'runId'?: (string);
  'states'?: (string)[];
  'limit'?: (number);
  'pattern'?: (string);
  'groupsJson'?: (string);
  'task'?: (string);
  'labels'?: (string)[];
  'sinceMs'?: (number | string | Long);
  'beforeMs'?: (number | string | Long);
  '_runId'?: "runId";
  '_pattern'?: "pattern";
  '_groupsJson'?: "groupsJson";
  '_task'?: "task";
  '_sinceMs'?: "sinceMs";
  '_beforeMs'?: "beforeMs";
}

export interface JobFilter__Output {
  'jobIds': (string)[];
  'hosts': (string)[];
  'runId'?: (string);
  'states': (string)[];
  'limit': (number);
  'pattern'?: (string);
  'groupsJson'?: (string);
  'task'?: (string);
  'labels': (string)[];
  'sinceMs'?: (number);
  'beforeMs'?: (number);
  '_runId'?: "runId";
  '_pattern'?: "pattern";
  '_groupsJson'?: "groupsJson";
  '_task'?: "task";
  '_sinceMs'?: "sinceMs";
  '_beforeMs'?: "beforeMs";
}
