// Original file: proto/agent.proto


export interface ListJobsRequest {
}

export interface ListJobsRequest__Output {
}
