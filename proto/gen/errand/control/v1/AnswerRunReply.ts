// Original file: proto/control.proto


export interface AnswerRunReply {
}

export interface AnswerRunReply__Output {
}
