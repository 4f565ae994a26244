// Original file: proto/control.proto


export interface JobHolder {
  'jobId'?: (string);
  'runId'?: (string);
  'name'?: (string);
}

export interface JobHolder__Output {
  'jobId': (string);
  'runId': (string);
  'name': (string);
}
