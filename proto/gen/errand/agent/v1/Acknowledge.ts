// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Acknowledge {
  'seq'?: (number | string | Long);
}

export interface Acknowledge__Output {
  'seq': (number);
}
