// Original file: proto/control.proto


export interface ReadSettingsReply {
  'settingsJson'?: (string);
}

export interface ReadSettingsReply__Output {
  'settingsJson': (string);
}
