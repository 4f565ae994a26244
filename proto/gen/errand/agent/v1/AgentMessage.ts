// Original file: proto/agent.proto

import type { Welcome as _errand_agent_v1_Welcome, Welcome__Output as _errand_agent_v1_Welcome__Output } from '../../../errand/agent/v1/Welcome.ts';
import type { Answer as _errand_agent_v1_Answer, Answer__Output as _errand_agent_v1_Answer__Output } from '../../../errand/agent/v1/Answer.ts';
import type { JobEvent as _errand_agent_v1_JobEvent, JobEvent__Output as _errand_agent_v1_JobEvent__Output } from '../../../errand/agent/v1/JobEvent.ts';
import type { Heartbeat as _errand_agent_v1_Heartbeat, Heartbeat__Output as _errand_agent_v1_Heartbeat__Output } from '../../../errand/agent/v1/Heartbeat.ts';

export interface AgentMessage {
  'welcome'?: (_errand_agent_v1_Welcome | null);
  'answer'?: (_errand_agent_v1_Answer | null);
  'event'?: (_errand_agent_v1_JobEvent | null);
  'heartbeat'?: (_errand_agent_v1_Heartbeat | null);
  'body'?: "welcome"|"answer"|"event"|"heartbeat";
}

export interface AgentMessage__Output {
  'welcome'?: (_errand_agent_v1_Welcome__Output | null);
  'answer'?: (_errand_agent_v1_Answer__Output | null);
  'event'?: (_errand_agent_v1_JobEvent__Output | null);
  'heartbeat'?: (_errand_agent_v1_Heartbeat__Output | null);
  'body'?: "welcome"|"answer"|"event"|"heartbeat";
}
