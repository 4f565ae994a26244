// Original file: proto/control.proto


export interface StartRunReply {
}

export interface StartRunReply__Output {
}
