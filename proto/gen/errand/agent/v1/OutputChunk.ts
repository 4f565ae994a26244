// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface OutputChunk {
  'offset'?: (number | string | Long);
  'data'?: (Buffer | Uint8Array | string);
}

export interface OutputChunk__Output {
  'offset': (number);
  'data': (Buffer);
}
