// Original file: proto/control.proto


export interface ListPromptsReply {
  'promptsJson'?: (string);
}

export interface ListPromptsReply__Output {
  'promptsJson': (string);
}
