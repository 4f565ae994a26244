// Original file: proto/agent.proto

import type { RunAs as _errand_agent_v1_RunAs, RunAs__Output as _errand_agent_v1_RunAs__Output } from '../../../errand/agent/v1/RunAs.ts';

export interface DownloadRequest {
  'path'?: (string);
  'runAs'?: (_errand_agent_v1_RunAs | null);
}

export interface DownloadRequest__Output {
  'path': (string);
  'runAs': (_errand_agent_v1_RunAs__Output | null);
}
