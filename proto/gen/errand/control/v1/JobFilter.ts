// Original file: proto/control.proto


export interface JobFilter {
  'jobIds'?: (string)[];
  'hosts'?: (string)[];
  'runId'?: (string);
  'states'?: (string)[];
  'name'?: (string);
  'limit'?: (number);
  '_runId'?: "runId";
  '_name'?: "name";
}

export interface JobFilter__Output {
  'jobIds': (string)[];
  'hosts': (string)[];
  'runId'?: (string);
  'states': (string)[];
  'name'?: (string);
  'limit': (number);
  '_runId'?: "runId";
  '_name'?: "name";
}
