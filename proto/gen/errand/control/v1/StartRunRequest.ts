// Original file: proto/control.proto


export interface StartRunRequest {
  'requestJson'?: (string);
  'runId'?: (string);
}

export interface StartRunRequest__Output {
  'requestJson': (string);
  'runId': (string);
}
