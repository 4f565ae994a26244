// Original file: proto/control.proto


export interface InstallRequest {
  'requestJson'?: (string);
}

export interface InstallRequest__Output {
  'requestJson': (string);
}
