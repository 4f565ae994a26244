// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface WatchRunRequest {
  'runId'?: (string);
  'afterSeq'?: (number | string | Long);
  'noFollow'?: (boolean);
}

export interface WatchRunRequest__Output {
  'runId': (string);
  'afterSeq': (number);
  'noFollow': (boolean);
}
