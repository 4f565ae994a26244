// Original file: proto/control.proto

import type { JobFilter as _errand_control_v1_JobFilter, JobFilter__Output as _errand_control_v1_JobFilter__Output } from '../../../errand/control/v1/JobFilter.ts';
import type { Long } from '@grpc/proto-loader';

export interface WatchOutputRequest {
  'filter'?: (_errand_control_v1_JobFilter | null);
  'streams'?: (string)[];
  'follow'?: (boolean);
  'stdoutOffset'?: (number | string | Long);
  'stderrOffset'?: (number | string | Long);
}

export interface WatchOutputRequest__Output {
  'filter': (_errand_control_v1_JobFilter__Output | null);
  'streams': (string)[];
  'follow': (boolean);
  'stdoutOffset': (number);
  'stderrOffset': (number);
}
