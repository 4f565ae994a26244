// Original file: proto/agent.proto


export interface UpgradeState {
  'version'?: (string);
  'protocol'?: (number);
  'bundleHash'?: (string);
  'phase'?: (string);
  'sha256'?: (string);
  'reason'?: (string);
}

export interface UpgradeState__Output {
  'version': (string);
  'protocol': (number);
  'bundleHash': (string);
  'phase': (string);
  'sha256': (string);
  'reason': (string);
}
