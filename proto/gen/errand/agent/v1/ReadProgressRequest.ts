// Original file: proto/agent.proto

import type { ProgressQuestion as _errand_agent_v1_ProgressQuestion, ProgressQuestion__Output as _errand_agent_v1_ProgressQuestion__Output } from '../../../errand/agent/v1/ProgressQuestion.ts';

export interface ReadProgressRequest {
  'jobs'?: (_errand_agent_v1_ProgressQuestion)[];
}

export interface ReadProgressRequest__Output {
  'jobs': (_errand_agent_v1_ProgressQuestion__Output)[];
}
