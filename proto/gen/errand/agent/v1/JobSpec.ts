// Original file: proto/agent.proto

import type { Command as _errand_agent_v1_Command, Command__Output as _errand_agent_v1_Command__Output } from '../../../errand/agent/v1/Command.ts';
import type { Operation as _errand_agent_v1_Operation, Operation__Output as _errand_agent_v1_Operation__Output } from '../../../errand/agent/v1/Operation.ts';
import type { RunAs as _errand_agent_v1_RunAs, RunAs__Output as _errand_agent_v1_RunAs__Output } from '../../../errand/agent/v1/RunAs.ts';
import type { Long } from '@grpc/proto-loader';

export interface JobSpec {
  'jobId'?: (string);
  'name'?: (string);
  'command'?: (_errand_agent_v1_Command | null);
  'operation'?: (_errand_agent_v1_Operation | null);
  'runAs'?: (_errand_agent_v1_RunAs | null);
  'cwd'?: (string);
  'environment'?: ({[key: string]: string});
  'stdin'?: (Buffer | Uint8Array | string);
  'timeLimitMs'?: (number | string | Long);
  'graceMs'?: (number | string | Long);
  'lock'?: (string);
  'work'?: "command"|"operation";
  '_cwd'?: "cwd";
  '_stdin'?: "stdin";
  '_lock'?: "lock";
}

export interface JobSpec__Output {
  'jobId': (string);
  'name': (string);
  'command'?: (_errand_agent_v1_Command__Output | null);
  'operation'?: (_errand_agent_v1_Operation__Output | null);
  'runAs': (_errand_agent_v1_RunAs__Output | null);
  'cwd'?: (string);
  'environment': ({[key: string]: string});
  'stdin'?: (Buffer);
  'timeLimitMs': (number);
  'graceMs': (number);
  'lock'?: (string);
  'work'?: "command"|"operation";
  '_cwd'?: "cwd";
  '_stdin'?: "stdin";
  '_lock'?: "lock";
}
