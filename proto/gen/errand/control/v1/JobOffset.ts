// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface JobOffset {
  'jobId'?: (string);
  'stdout'?: (number | string | Long);
  'stderr'?: (number | string | Long);
  'isComplete'?: (boolean);
}

export interface JobOffset__Output {
  'jobId': (string);
  'stdout': (number);
  'stderr': (number);
  'isComplete': (boolean);
}
