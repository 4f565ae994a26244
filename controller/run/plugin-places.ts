import type { RunRequest } from '../../proto/run.ts'
import type { AnsibleConfig } from '../config-file.ts'
import { modulePlaces } from './module-places.ts'
import type { PluginPlaces } from './ports.ts'

/** Where the plugins of a run may lie beside its playbooks and roles, which are told when they are read. */
export function pluginPlaces(
  request: RunRequest,
  config: AnsibleConfig,
): Omit<PluginPlaces, 'onWarning'> {
  return {
    configured: {
      filter: config.filterPlugins,
      test: config.testPlugins,
      lookup: config.lookupPlugins,
    },
    collections: modulePlaces(request, config).collections,
    environment: request.environment,
    cwd: request.cwd,
    vaultPasswords: request.vaultPasswords,
  }
}
