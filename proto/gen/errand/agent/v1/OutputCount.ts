// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface OutputCount {
  'keptBytes'?: (number | string | Long);
  'droppedBytes'?: (number | string | Long);
}

export interface OutputCount__Output {
  'keptBytes': (number);
  'droppedBytes': (number);
}
