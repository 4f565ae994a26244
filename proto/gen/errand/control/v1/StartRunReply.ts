// Original file: proto/control.proto


export interface StartRunReply {
  'runId'?: (string);
}

export interface StartRunReply__Output {
  'runId': (string);
}
