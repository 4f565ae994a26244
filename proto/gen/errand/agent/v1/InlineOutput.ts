// Original file: proto/agent.proto


export interface InlineOutput {
  'stdout'?: (Buffer | Uint8Array | string);
  'stderr'?: (Buffer | Uint8Array | string);
}

export interface InlineOutput__Output {
  'stdout': (Buffer);
  'stderr': (Buffer);
}
