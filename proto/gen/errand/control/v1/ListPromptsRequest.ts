// Original file: proto/control.proto


export interface ListPromptsRequest {
  'requestJson'?: (string);
}

export interface ListPromptsRequest__Output {
  'requestJson': (string);
}
