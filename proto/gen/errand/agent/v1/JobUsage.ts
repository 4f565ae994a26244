// Original file: proto/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface JobUsage {
  'cpuMs'?: (number | string | Long);
  'peakMemoryBytes'?: (number | string | Long);
  'peakProcesses'?: (number);
  'oomKills'?: (number);
  '_cpuMs'?: "cpuMs";
  '_peakMemoryBytes'?: "peakMemoryBytes";
  '_peakProcesses'?: "peakProcesses";
  '_oomKills'?: "oomKills";
}

export interface JobUsage__Output {
  'cpuMs'?: (number);
  'peakMemoryBytes'?: (number);
  'peakProcesses'?: (number);
  'oomKills'?: (number);
  '_cpuMs'?: "cpuMs";
  '_peakMemoryBytes'?: "peakMemoryBytes";
  '_peakProcesses'?: "peakProcesses";
  '_oomKills'?: "oomKills";
}
