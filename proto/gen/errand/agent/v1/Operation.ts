// Original file: proto/agent.proto


export interface Operation {
  'operation'?: (string);
  'argsJson'?: (string);
}

export interface Operation__Output {
  'operation': (string);
  'argsJson': (string);
}
