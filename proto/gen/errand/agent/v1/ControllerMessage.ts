// Original file: proto/agent.proto

import type { Hello as _errand_agent_v1_Hello, Hello__Output as _errand_agent_v1_Hello__Output } from '../../../errand/agent/v1/Hello.ts';
import type { Submit as _errand_agent_v1_Submit, Submit__Output as _errand_agent_v1_Submit__Output } from '../../../errand/agent/v1/Submit.ts';
import type { Look as _errand_agent_v1_Look, Look__Output as _errand_agent_v1_Look__Output } from '../../../errand/agent/v1/Look.ts';
import type { Cancel as _errand_agent_v1_Cancel, Cancel__Output as _errand_agent_v1_Cancel__Output } from '../../../errand/agent/v1/Cancel.ts';
import type { Forget as _errand_agent_v1_Forget, Forget__Output as _errand_agent_v1_Forget__Output } from '../../../errand/agent/v1/Forget.ts';
import type { Acknowledge as _errand_agent_v1_Acknowledge, Acknowledge__Output as _errand_agent_v1_Acknowledge__Output } from '../../../errand/agent/v1/Acknowledge.ts';
import type { Heartbeat as _errand_agent_v1_Heartbeat, Heartbeat__Output as _errand_agent_v1_Heartbeat__Output } from '../../../errand/agent/v1/Heartbeat.ts';

export interface ControllerMessage {
  'hello'?: (_errand_agent_v1_Hello | null);
  'submit'?: (_errand_agent_v1_Submit | null);
  'look'?: (_errand_agent_v1_Look | null);
  'cancel'?: (_errand_agent_v1_Cancel | null);
  'forget'?: (_errand_agent_v1_Forget | null);
  'acknowledge'?: (_errand_agent_v1_Acknowledge | null);
  'heartbeat'?: (_errand_agent_v1_Heartbeat | null);
  'body'?: "hello"|"submit"|"look"|"cancel"|"forget"|"acknowledge"|"heartbeat";
}

export interface ControllerMessage__Output {
  'hello'?: (_errand_agent_v1_Hello__Output | null);
  'submit'?: (_errand_agent_v1_Submit__Output | null);
  'look'?: (_errand_agent_v1_Look__Output | null);
  'cancel'?: (_errand_agent_v1_Cancel__Output | null);
  'forget'?: (_errand_agent_v1_Forget__Output | null);
  'acknowledge'?: (_errand_agent_v1_Acknowledge__Output | null);
  'heartbeat'?: (_errand_agent_v1_Heartbeat__Output | null);
  'body'?: "hello"|"submit"|"look"|"cancel"|"forget"|"acknowledge"|"heartbeat";
}
