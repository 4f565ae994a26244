// Original file: proto/agent.proto


export interface UpgradeReply {
}

export interface UpgradeReply__Output {
}
