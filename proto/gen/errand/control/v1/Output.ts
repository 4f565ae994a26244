// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface Output {
  'jobId'?: (string);
  'host'?: (string);
  'stream'?: (string);
  'offset'?: (number | string | Long);
  'data'?: (Buffer | Uint8Array | string);
  'droppedBytes'?: (number | string | Long);
  'error'?: (string);
  'isEnd'?: (boolean);
  '_error'?: "error";
}

export interface Output__Output {
  'jobId': (string);
  'host': (string);
  'stream': (string);
  'offset': (number);
  'data': (Buffer);
  'droppedBytes': (number);
  'error'?: (string);
  'isEnd': (boolean);
  '_error'?: "error";
}
