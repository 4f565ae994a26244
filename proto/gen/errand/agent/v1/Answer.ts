// Original file: proto/agent.proto

import type { JobReport as _errand_agent_v1_JobReport, JobReport__Output as _errand_agent_v1_JobReport__Output } from '../../../errand/agent/v1/JobReport.ts';
import type { Failure as _errand_agent_v1_Failure, Failure__Output as _errand_agent_v1_Failure__Output } from '../../../errand/agent/v1/Failure.ts';
import type { Long } from '@grpc/proto-loader';

export interface Answer {
  'request'?: (number | string | Long);
  'report'?: (_errand_agent_v1_JobReport | null);
  'failure'?: (_errand_agent_v1_Failure | null);
  'body'?: "report"|"failure";
}

export interface Answer__Output {
  'request': (number);
  'report'?: (_errand_agent_v1_JobReport__Output | null);
  'failure'?: (_errand_agent_v1_Failure__Output | null);
  'body'?: "report"|"failure";
}
