// Original file: proto/control.proto

import type { JobFilter as _errand_control_v1_JobFilter, JobFilter__Output as _errand_control_v1_JobFilter__Output } from '../../../errand/control/v1/JobFilter.ts';
import type { JobOffset as _errand_control_v1_JobOffset, JobOffset__Output as _errand_control_v1_JobOffset__Output } from '../../../errand/control/v1/JobOffset.ts';
import type { Long } from '@grpc/proto-loader';

export interface WatchOutputRequest {
  'filter'?: (_errand_control_v1_JobFilter | null);
  'streams'?: (string)[];
  'follow'?: (boolean);
  'stdoutOffset'?: (number | string | Long);
  'stderrOffset'?: (number | string | Long);
  'offsets'?: (_errand_control_v1_JobOffset)[];
  'tailLines'?: (number);
  'withNew'?: (boolean);
  '_tailLines'?: "tailLines";
}

export interface WatchOutputRequest__Output {
  'filter': (_errand_control_v1_JobFilter__Output | null);
  'streams': (string)[];
  'follow': (boolean);
  'stdoutOffset': (number);
  'stderrOffset': (number);
  'offsets': (_errand_control_v1_JobOffset__Output)[];
  'tailLines'?: (number);
  'withNew': (boolean);
  '_tailLines'?: "tailLines";
}
