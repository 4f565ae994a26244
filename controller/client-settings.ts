import type { ClientSettings, SettingsRequest } from '../proto/settings.ts'
import { shortCallback, stdoutCallbacks } from './config-file/callbacks.ts'
import { loadConfigFile, type AnsibleConfig } from './config-file.ts'

/**
 * Of ansible.cfg and the environment what the command line acts on itself.
 *
 * @throws {ErrandError} what is wrong with them.
 */
export function clientSettings(request: SettingsRequest): ClientSettings {
  const config = loadConfigFile(request)
  return {
    forks: config.forks,
    verbosity: config.verbosity,
    runTags: config.runTags,
    skipTags: config.skipTags,
    forceHandlers: config.forceHandlers,
    diff: config.diffAlways,
    askPass: config.askPass,
    becomeAskPass: config.becomeAskPass,
    askVaultPass: config.askVaultPass,
    vaultIdentities: config.vaultIdentities,
    adhocModule: config.adhocModule,
    pollSeconds: config.pollSeconds,
    hostKeyChecking: config.hostKeyChecking,
    display: displayOf(config),
    ...filesOf(config),
    ...colourOf(config),
  }
}

function filesOf(config: AnsibleConfig) {
  const { connectionPasswordFile, becomePasswordFile, vaultPasswordFile } = config
  const { vaultEncryptIdentity } = config
  return {
    ...(connectionPasswordFile === undefined ? {} : { connectionPasswordFile }),
    ...(becomePasswordFile === undefined ? {} : { becomePasswordFile }),
    ...(vaultPasswordFile === undefined ? {} : { vaultPasswordFile }),
    ...(vaultEncryptIdentity === undefined ? {} : { vaultEncryptIdentity }),
  }
}

function colourOf({ forceColor, noColor }: AnsibleConfig): { readonly hasColour?: boolean } {
  if (forceColor) return { hasColour: true }
  return noColor ? { hasColour: false } : {}
}

function displayOf(config: AnsibleConfig): ClientSettings['display'] {
  const callback = shortCallback(config.stdoutCallback)
  return {
    callback: stdoutCallbacks.includes(callback) ? callback : 'default',
    callbacks: config.callbacksEnabled.map(shortCallback),
    resultFormat: config.resultFormat,
    ...(config.prettyResults === undefined ? {} : { isPretty: config.prettyResults }),
    skippedHosts: config.displaySkippedHosts,
    okHosts: config.displayOkHosts,
    failedOnStderr: config.displayFailedStderr,
    customStats: config.showCustomStats,
    taskPathOnFailure: config.showTaskPathOnFailure,
    checkModeMarkers: config.checkModeMarkers,
    deprecations: config.deprecationWarnings,
  }
}
