// Original file: proto/agent.proto


export interface Command {
  'argv'?: (string)[];
  'creates'?: (string);
  'removes'?: (string);
  'checkOnly'?: (boolean);
  'uploadId'?: (string);
  '_creates'?: "creates";
  '_removes'?: "removes";
  '_uploadId'?: "uploadId";
}

export interface Command__Output {
  'argv': (string)[];
  'creates'?: (string);
  'removes'?: (string);
  'checkOnly': (boolean);
  'uploadId'?: (string);
  '_creates'?: "creates";
  '_removes'?: "removes";
  '_uploadId'?: "uploadId";
}
