// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface UpgradeHead {
  'bytes'?: (number | string | Long);
  'sha256'?: (string);
  'trialMs'?: (number | string | Long);
}

export interface UpgradeHead__Output {
  'bytes': (number);
  'sha256': (string);
  'trialMs': (number);
}
