// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface ListRunsRequest {
  'limit'?: (number);
  'states'?: (string)[];
  'fromMs'?: (number | string | Long);
  'beforeMs'?: (number | string | Long);
  '_fromMs'?: "fromMs";
  '_beforeMs'?: "beforeMs";
}

export interface ListRunsRequest__Output {
  'limit': (number);
  'states': (string)[];
  'fromMs'?: (number);
  'beforeMs'?: (number);
  '_fromMs'?: "fromMs";
  '_beforeMs'?: "beforeMs";
}
