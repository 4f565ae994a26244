// Original file: proto/agent.proto


export interface SettleUpgradeRequest {
  'sha256'?: (string);
  'verdict'?: (string);
  'reason'?: (string);
}

export interface SettleUpgradeRequest__Output {
  'sha256': (string);
  'verdict': (string);
  'reason': (string);
}
