// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface RunEvent {
  'seq'?: (number | string | Long);
  'atMs'?: (number | string | Long);
  'bodyJson'?: (string);
}

export interface RunEvent__Output {
  'seq': (number);
  'atMs': (number);
  'bodyJson': (string);
}
