// Original file: proto/agent.proto


export interface ProcessIdentity {
  'pid'?: (number);
  'startTicks'?: (string);
  'bootId'?: (string);
}

export interface ProcessIdentity__Output {
  'pid': (number);
  'startTicks': (string);
  'bootId': (string);
}
