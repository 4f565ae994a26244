// Original file: proto/control.proto


export interface StopReply {
}

export interface StopReply__Output {
}
