// Original file: proto/control.proto

import type { Long } from '@grpc/proto-loader';

export interface PruneRunsRequest {
  'olderThanMs'?: (number | string | Long);
  'keep'?: (number);
  'dryRun'?: (boolean);
  '_olderThanMs'?: "olderThanMs";
  '_keep'?: "keep";
}

export interface PruneRunsRequest__Output {
  'olderThanMs'?: (number);
  'keep'?: (number);
  'dryRun': (boolean);
  '_olderThanMs'?: "olderThanMs";
  '_keep'?: "keep";
}
