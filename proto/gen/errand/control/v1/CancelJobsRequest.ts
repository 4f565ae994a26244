// Original file: proto/control.proto

import type { JobFilter as _errand_control_v1_JobFilter, JobFilter__Output as _errand_control_v1_JobFilter__Output } from '../../../errand/control/v1/JobFilter.ts';
import type { Long } from '@grpc/proto-loader';

export interface CancelJobsRequest {
  'filter'?: (_errand_control_v1_JobFilter | null);
  'graceMs'?: (number | string | Long);
  '_graceMs'?: "graceMs";
}

export interface CancelJobsRequest__Output {
  'filter': (_errand_control_v1_JobFilter__Output | null);
  'graceMs'?: (number);
  '_graceMs'?: "graceMs";
}
