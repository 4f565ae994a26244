// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Look {
  'request'?: (number | string | Long);
  'jobId'?: (string);
  'callOff'?: (boolean);
}

export interface Look__Output {
  'request': (number);
  'jobId': (string);
  'callOff': (boolean);
}
