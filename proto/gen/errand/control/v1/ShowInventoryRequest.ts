// Original file: proto/control.proto


export interface ShowInventoryRequest {
  'requestJson'?: (string);
}

export interface ShowInventoryRequest__Output {
  'requestJson': (string);
}
