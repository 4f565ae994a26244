import type { Logger } from 'pino'
import type { AnsibleCores } from '../packer/ansible-cores.ts'
import type { PluginPlaces, PluginsPort, RunPlugins } from '../run/ports.ts'
import { PluginFiles } from './plugin-files.ts'
import { PythonPlugins } from './python-plugins.ts'

export interface PluginsOptions {
  readonly cores: AnsibleCores
  /** How long one call of a plugin may take. */
  readonly limitMs: number
  readonly log: Logger
}

/**
 * Filters, tests and lookups that others have written in Python. They run in a process of their own, one for each run,
 * started when the first of them is needed; with an ansible-core on this machine that is called as a library there.
 */
export class Plugins implements PluginsPort {
  readonly #options: PluginsOptions

  constructor(options: PluginsOptions) {
    this.#options = options
  }

  async open(
    places: PluginPlaces,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<RunPlugins> {
    const { cores, limitMs, log } = this.#options
    const path = places.environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'
    const core = await cores.find(path, { signal })
    return new PythonPlugins({
      files: new PluginFiles({ ...places, core }),
      places,
      core,
      limitMs,
      log,
    })
  }
}
