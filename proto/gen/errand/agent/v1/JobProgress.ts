// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface JobProgress {
  'jobId'?: (string);
  'percent'?: (number | string);
  'text'?: (string);
  'elapsedMs'?: (number | string | Long);
  'ageMs'?: (number | string | Long);
}

export interface JobProgress__Output {
  'jobId': (string);
  'percent': (number);
  'text': (string);
  'elapsedMs': (number);
  'ageMs': (number);
}
