// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface ReadOutputRequest {
  'jobId'?: (string);
  'stream'?: (string);
  'offset'?: (number | string | Long);
  'follow'?: (boolean);
}

export interface ReadOutputRequest__Output {
  'jobId': (string);
  'stream': (string);
  'offset': (number);
  'follow': (boolean);
}
