// Original file: proto/agent.proto


export interface UploadReply {
}

export interface UploadReply__Output {
}
