// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Forget {
  'request'?: (number | string | Long);
  'jobId'?: (string);
}

export interface Forget__Output {
  'request': (number);
  'jobId': (string);
}
