// Original file: proto/control.proto


export interface StopRunReply {
}

export interface StopRunReply__Output {
}
