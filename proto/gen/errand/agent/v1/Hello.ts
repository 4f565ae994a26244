// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Hello {
  'protocol'?: (number);
  'version'?: (string);
  'lastSeq'?: (number | string | Long);
  'heartbeatMs'?: (number);
}

export interface Hello__Output {
  'protocol': (number);
  'version': (string);
  'lastSeq': (number);
  'heartbeatMs': (number);
}
