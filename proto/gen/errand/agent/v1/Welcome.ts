// Original file: proto/agent.proto


export interface Welcome {
  'protocol'?: (number);
  'version'?: (string);
  'agentId'?: (string);
  'bootId'?: (string);
  'hostname'?: (string);
  'user'?: (string);
  'isRoot'?: (boolean);
  'containment'?: (string);
  'journalId'?: (string);
  'bundleHash'?: (string);
}

export interface Welcome__Output {
  'protocol': (number);
  'version': (string);
  'agentId': (string);
  'bootId': (string);
  'hostname': (string);
  'user': (string);
  'isRoot': (boolean);
  'containment': (string);
  'journalId': (string);
  'bundleHash': (string);
}
