// Original file: proto/agent.proto

import type { UploadHead as _errand_agent_v1_UploadHead, UploadHead__Output as _errand_agent_v1_UploadHead__Output } from '../../../errand/agent/v1/UploadHead.ts';

export interface UploadChunk {
  'head'?: (_errand_agent_v1_UploadHead | null);
  'data'?: (Buffer | Uint8Array | string);
  'body'?: "head"|"data";
}

export interface UploadChunk__Output {
  'head'?: (_errand_agent_v1_UploadHead__Output | null);
  'data'?: (Buffer);
  'body'?: "head"|"data";
}
