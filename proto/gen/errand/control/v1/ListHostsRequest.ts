// Original file: proto/control.proto


export interface ListHostsRequest {
  'hosts'?: (string)[];
}

export interface ListHostsRequest__Output {
  'hosts': (string)[];
}
