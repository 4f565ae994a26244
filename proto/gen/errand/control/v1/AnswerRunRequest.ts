// Original file: proto/control.proto


export interface AnswerRunRequest {
  'runId'?: (string);
  'questionId'?: (string);
  'text'?: (string);
  'isAbort'?: (boolean);
  '_text'?: "text";
}

export interface AnswerRunRequest__Output {
  'runId': (string);
  'questionId': (string);
  'text'?: (string);
  'isAbort': (boolean);
  '_text'?: "text";
}
