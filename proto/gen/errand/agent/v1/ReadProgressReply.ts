// Original file: proto/agent.proto

import type { JobProgress as _errand_agent_v1_JobProgress, JobProgress__Output as _errand_agent_v1_JobProgress__Output } from '../../../errand/agent/v1/JobProgress.ts';

export interface ReadProgressReply {
  'jobs'?: (_errand_agent_v1_JobProgress)[];
}

export interface ReadProgressReply__Output {
  'jobs': (_errand_agent_v1_JobProgress__Output)[];
}
