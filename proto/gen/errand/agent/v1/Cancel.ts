// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Cancel {
  'request'?: (number | string | Long);
  'jobId'?: (string);
  'graceMs'?: (number | string | Long);
}

export interface Cancel__Output {
  'request': (number);
  'jobId': (string);
  'graceMs': (number);
}
