// Original file: proto/control.proto


export interface ShowInventoryReply {
  'answerJson'?: (string);
}

export interface ShowInventoryReply__Output {
  'answerJson': (string);
}
