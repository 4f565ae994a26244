// Original file: proto/agent.proto

import type { ProcessIdentity as _errand_agent_v1_ProcessIdentity, ProcessIdentity__Output as _errand_agent_v1_ProcessIdentity__Output } from '../../../errand/agent/v1/ProcessIdentity.ts';
import type { StartFailure as _errand_agent_v1_StartFailure, StartFailure__Output as _errand_agent_v1_StartFailure__Output } from '../../../errand/agent/v1/StartFailure.ts';
import type { OutputCount as _errand_agent_v1_OutputCount, OutputCount__Output as _errand_agent_v1_OutputCount__Output } from '../../../errand/agent/v1/OutputCount.ts';
import type { InlineOutput as _errand_agent_v1_InlineOutput, InlineOutput__Output as _errand_agent_v1_InlineOutput__Output } from '../../../errand/agent/v1/InlineOutput.ts';
import type { JobUsage as _errand_agent_v1_JobUsage, JobUsage__Output as _errand_agent_v1_JobUsage__Output } from '../../../errand/agent/v1/JobUsage.ts';
import type { Long } from '@grpc/proto-loader';

export interface JobReport {
  'jobId'?: (string);
  'name'?: (string);
  'state'?: (string);
  'startedAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'process'?: (_errand_agent_v1_ProcessIdentity | null);
  'exitCode'?: (number);
  'signal'?: (number);
  'start'?: (_errand_agent_v1_StartFailure | null);
  'evidence'?: (string);
  'stdout'?: (_errand_agent_v1_OutputCount | null);
  'stderr'?: (_errand_agent_v1_OutputCount | null);
  'skippedBecause'?: (string);
  'containment'?: (string);
  'inlineOutput'?: (_errand_agent_v1_InlineOutput | null);
  'usage'?: (_errand_agent_v1_JobUsage | null);
  'lock'?: (string);
  'queuedAtMs'?: (number | string | Long);
  'failure'?: "exitCode"|"signal"|"start";
  '_evidence'?: "evidence";
  '_skippedBecause'?: "skippedBecause";
  '_lock'?: "lock";
}

export interface JobReport__Output {
  'jobId': (string);
  'name': (string);
  'state': (string);
  'startedAtMs': (number);
  'endedAtMs': (number);
  'process': (_errand_agent_v1_ProcessIdentity__Output | null);
  'exitCode'?: (number);
  'signal'?: (number);
  'start'?: (_errand_agent_v1_StartFailure__Output | null);
  'evidence'?: (string);
  'stdout': (_errand_agent_v1_OutputCount__Output | null);
  'stderr': (_errand_agent_v1_OutputCount__Output | null);
  'skippedBecause'?: (string);
  'containment': (string);
  'inlineOutput': (_errand_agent_v1_InlineOutput__Output | null);
  'usage': (_errand_agent_v1_JobUsage__Output | null);
  'lock'?: (string);
  'queuedAtMs': (number);
  'failure'?: "exitCode"|"signal"|"start";
  '_evidence'?: "evidence";
  '_skippedBecause'?: "skippedBecause";
  '_lock'?: "lock";
}
