// Original file: proto/control.proto


export interface ReadSettingsRequest {
  'requestJson'?: (string);
}

export interface ReadSettingsRequest__Output {
  'requestJson': (string);
}
