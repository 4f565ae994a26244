import { statSync } from 'node:fs'
import { type AnsibleCore, findAnsibleCore } from './ansible-core.ts'

interface Abortable {
  readonly signal: AbortSignal
}

/** The ansible-cores of this machine, each looked for once. */
export class AnsibleCores {
  readonly #look: typeof findAnsibleCore
  /** By the PATH that they were looked for through. */
  readonly #found = new Map<string, LookedFor>()

  /** @param look Looks for one. Default: on this machine. */
  constructor(look: typeof findAnsibleCore = findAnsibleCore) {
    this.#look = look
  }

  /** One that is installed later is found by the next run: it puts programs into a folder of the PATH. */
  async find(path: string, { signal }: Abortable): Promise<AnsibleCore | undefined> {
    const known = this.#found.get(path)
    if (known?.core) return known.core
    const changedAtMs = path.split(':').map(changedAt).join()
    if (known?.changedAtMs === changedAtMs) return undefined
    const core = await this.#look(path, { signal })
    this.#found.set(path, { core, changedAtMs })
    return core
  }
}

/** What came of looking for ansible-core, and when the folders of the PATH had last changed then. */
interface LookedFor {
  readonly core: AnsibleCore | undefined
  readonly changedAtMs: string
}

/** When a file or folder was last changed, milliseconds; 0 when it is not there. */
export function changedAt(folder: string): number {
  try {
    return statSync(folder).mtimeMs
  } catch {
    return 0 // it is gone, which is a state like another
  }
}
