// Original file: proto/control.proto


export interface InstallEvent {
  'host'?: (string);
  'step'?: (string);
  'message'?: (string);
  'errorCode'?: (string);
  '_errorCode'?: "errorCode";
}

export interface InstallEvent__Output {
  'host': (string);
  'step': (string);
  'message': (string);
  'errorCode'?: (string);
  '_errorCode'?: "errorCode";
}
