// Original file: proto/agent.proto


export interface StartFailure {
  'errno'?: (string);
  'message'?: (string);
}

export interface StartFailure__Output {
  'errno': (string);
  'message': (string);
}
