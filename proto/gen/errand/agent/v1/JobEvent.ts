// Original file: proto/agent.proto

import type { JobReport as _errand_agent_v1_JobReport, JobReport__Output as _errand_agent_v1_JobReport__Output } from '../../../errand/agent/v1/JobReport.ts';
import type { Long } from '@grpc/proto-loader';

export interface JobEvent {
  'seq'?: (number | string | Long);
  'atMs'?: (number | string | Long);
  'report'?: (_errand_agent_v1_JobReport | null);
}

export interface JobEvent__Output {
  'seq': (number);
  'atMs': (number);
  'report': (_errand_agent_v1_JobReport__Output | null);
}
