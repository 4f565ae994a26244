// Original file: proto/agent.proto


export interface ProgressQuestion {
  'jobId'?: (string);
  'style'?: (string);
}

export interface ProgressQuestion__Output {
  'jobId': (string);
  'style': (string);
}
