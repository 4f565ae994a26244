// Original file: proto/agent.proto

import type { JobReport as _errand_agent_v1_JobReport, JobReport__Output as _errand_agent_v1_JobReport__Output } from '../../../errand/agent/v1/JobReport.ts';

export interface ListJobsReply {
  'reports'?: (_errand_agent_v1_JobReport)[];
}

export interface ListJobsReply__Output {
  'reports': (_errand_agent_v1_JobReport__Output)[];
}
