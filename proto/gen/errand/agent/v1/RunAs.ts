// Original file: proto/agent.proto


export interface RunAs {
  'user'?: (string);
  'method'?: (string);
  'password'?: (string);
  'flags'?: (string);
  '_password'?: "password";
  '_flags'?: "flags";
}

export interface RunAs__Output {
  'user': (string);
  'method': (string);
  'password'?: (string);
  'flags'?: (string);
  '_password'?: "password";
  '_flags'?: "flags";
}
