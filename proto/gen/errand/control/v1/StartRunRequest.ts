// Original file: proto/control.proto


export interface StartRunRequest {
  'requestJson'?: (string);
}

export interface StartRunRequest__Output {
  'requestJson': (string);
}
