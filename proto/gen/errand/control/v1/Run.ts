// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface Run {
  'runId'?: (string);
  'title'?: (string);
  'state'?: (string);
  'startedAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'exitCode'?: (number);
  'jobsOut'?: (number);
  '_endedAtMs'?: "endedAtMs";
  '_exitCode'?: "exitCode";
}

export interface Run__Output {
  'runId': (string);
  'title': (string);
  'state': (string);
  'startedAtMs': (number);
  'endedAtMs'?: (number);
  'exitCode'?: (number);
  'jobsOut': (number);
  '_endedAtMs'?: "endedAtMs";
  '_exitCode'?: "exitCode";
}
