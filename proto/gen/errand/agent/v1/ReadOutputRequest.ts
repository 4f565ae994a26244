// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface ReadOutputRequest {
  'jobId'?: (string);
  'stream'?: (string);
  'offset'?: (number | string | Long);
  'follow'?: (boolean);
  'tailLines'?: (number);
  '_tailLines'?: "tailLines";
}

export interface ReadOutputRequest__Output {
  'jobId': (string);
  'stream': (string);
  'offset': (number);
  'follow': (boolean);
  'tailLines'?: (number);
  '_tailLines'?: "tailLines";
}
