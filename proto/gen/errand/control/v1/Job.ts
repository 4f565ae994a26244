// Original file: proto/control.proto

import type { JobHolder as _errand_control_v1_JobHolder, JobHolder__Output as _errand_control_v1_JobHolder__Output } from '../../../errand/control/v1/JobHolder.ts';
import type { JobUsage as _errand_control_v1_JobUsage, JobUsage__Output as _errand_control_v1_JobUsage__Output } from '../../../errand/control/v1/JobUsage.ts';
import type { Long } from '@grpc/proto-loader';

export interface Job {
  'jobId'?: (string);
  'host'?: (string);
  'runId'?: (string);
  'name'?: (string);
  'state'?: (string);
  'detail'?: (string);
  'createdAtMs'?: (number | string | Long);
  'startedAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'lastSeenMs'?: (number | string | Long);
  'exitCode'?: (number);
  'signal'?: (number);
  'stdoutBytes'?: (number | string | Long);
  'stderrBytes'?: (number | string | Long);
  'droppedBytes'?: (number | string | Long);
  'containment'?: (string);
  'error'?: (string);
  'labels'?: ({[key: string]: string});
  'percent'?: (number | string);
  'progressText'?: (string);
  'leftMs'?: (number | string | Long);
  'leftFrom'?: (string);
  'lock'?: (string);
  'holder'?: (_errand_control_v1_JobHolder | null);
  'expiresAtMs'?: (number | string | Long);
  'usage'?: (_errand_control_v1_JobUsage | null);
  '_detail'?: "detail";
  '_startedAtMs'?: "startedAtMs";
  '_endedAtMs'?: "endedAtMs";
  '_lastSeenMs'?: "lastSeenMs";
  '_exitCode'?: "exitCode";
  '_signal'?: "signal";
  '_error'?: "error";
  '_percent'?: "percent";
  '_progressText'?: "progressText";
  '_leftMs'?: "leftMs";
  '_leftFrom'?: "leftFrom";
  '_lock'?: "lock";
  '_expiresAtMs'?: "expiresAtMs";
}

export interface Job__Output {
  'jobId': (string);
  'host': (string);
  'runId': (string);
  'name': (string);
  'state': (string);
  'detail'?: (string);
  'createdAtMs': (number);
  'startedAtMs'?: (number);
  'endedAtMs'?: (number);
  'lastSeenMs'?: (number);
  'exitCode'?: (number);
  'signal'?: (number);
  'stdoutBytes': (number);
  'stderrBytes': (number);
  'droppedBytes': (number);
  'containment': (string);
  'error'?: (string);
  'labels': ({[key: string]: string});
  'percent'?: (number);
  'progressText'?: (string);
  'leftMs'?: (number);
  'leftFrom'?: (string);
  'lock'?: (string);
  'holder': (_errand_control_v1_JobHolder__Output | null);
  'expiresAtMs'?: (number);
  'usage': (_errand_control_v1_JobUsage__Output | null);
  '_detail'?: "detail";
  '_startedAtMs'?: "startedAtMs";
  '_endedAtMs'?: "endedAtMs";
  '_lastSeenMs'?: "lastSeenMs";
  '_exitCode'?: "exitCode";
  '_signal'?: "signal";
  '_error'?: "error";
  '_percent'?: "percent";
  '_progressText'?: "progressText";
  '_leftMs'?: "leftMs";
  '_leftFrom'?: "leftFrom";
  '_lock'?: "lock";
  '_expiresAtMs'?: "expiresAtMs";
}
