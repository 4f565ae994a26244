// Original file: proto/control.proto


export interface StopRequest {
}

export interface StopRequest__Output {
}
