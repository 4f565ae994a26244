// Original file: proto/control.proto


export interface StopRunRequest {
  'runId'?: (string);
  'cancelJobs'?: (boolean);
}

export interface StopRunRequest__Output {
  'runId': (string);
  'cancelJobs': (boolean);
}
