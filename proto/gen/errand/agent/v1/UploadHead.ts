// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface UploadHead {
  'uploadId'?: (string);
  'bytes'?: (number | string | Long);
  'sha256'?: (string);
  'isKept'?: (boolean);
}

export interface UploadHead__Output {
  'uploadId': (string);
  'bytes': (number);
  'sha256': (string);
  'isKept': (boolean);
}
