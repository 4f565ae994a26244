// Original file: proto/agent.proto

import type { UpgradeHead as _errand_agent_v1_UpgradeHead, UpgradeHead__Output as _errand_agent_v1_UpgradeHead__Output } from '../../../errand/agent/v1/UpgradeHead.ts';

export interface UpgradeChunk {
  'head'?: (_errand_agent_v1_UpgradeHead | null);
  'data'?: (Buffer | Uint8Array | string);
  'body'?: "head"|"data";
}

export interface UpgradeChunk__Output {
  'head'?: (_errand_agent_v1_UpgradeHead__Output | null);
  'data'?: (Buffer);
  'body'?: "head"|"data";
}
