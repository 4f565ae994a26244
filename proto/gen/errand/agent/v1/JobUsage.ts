// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface JobUsage {
  'cpuMs'?: (number | string | Long);
  'peakMemoryBytes'?: (number | string | Long);
  'peakProcesses'?: (number);
  'oomKills'?: (number);
}

export interface JobUsage__Output {
  'cpuMs': (number);
  'peakMemoryBytes': (number);
  'peakProcesses': (number);
  'oomKills': (number);
}
