// Original file: proto/control.proto


export interface FindRunRequest {
  'run'?: (string);
}

export interface FindRunRequest__Output {
  'run': (string);
}
