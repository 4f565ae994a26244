// Original file: proto/agent.proto

import type { JobSpec as _errand_agent_v1_JobSpec, JobSpec__Output as _errand_agent_v1_JobSpec__Output } from '../../../errand/agent/v1/JobSpec.ts';
import type { Long } from '@grpc/proto-loader';

export interface Submit {
  'request'?: (number | string | Long);
  'spec'?: (_errand_agent_v1_JobSpec | null);
}

export interface Submit__Output {
  'request': (number);
  'spec': (_errand_agent_v1_JobSpec__Output | null);
}
