/** Where an agent and what belongs to it lie on a host. */
export interface Layout {
  /** The launcher, the bundles and the runtimes. */
  readonly programDir: string
  /** Keys, spool, journal. */
  readonly stateDir: string
  readonly launcher: string
  /** Where a systemd unit goes; undefined for an agent of a user. */
  readonly unitFile: string | undefined
  /** Directories that may have to be made on the way, the outermost first. Those that were made are removed again. */
  readonly parents: readonly string[]
}

/** The name of the unit. */
export const unitName = 'errand-agent.service'

/** For an agent with root rights: programs, state and unit in the places of the Filesystem Hierarchy Standard. */
export const rootLayout: Layout = {
  programDir: '/usr/local/lib/errand-agent',
  stateDir: '/var/lib/errand-agent',
  launcher: '/usr/local/lib/errand-agent/errand-agent',
  unitFile: `/etc/systemd/system/${unitName}`,
  parents: ['/usr/local', '/usr/local/lib', '/var', '/var/lib'],
}

/** For an agent of a user: all of it in the user's home. */
export function userLayout(home: string): Layout {
  const base = `${home}/.local/share/errand-agent`
  return {
    programDir: `${base}/program`,
    stateDir: `${base}/state`,
    launcher: `${base}/program/errand-agent`,
    unitFile: undefined,
    parents: [`${home}/.local`, `${home}/.local/share`, base],
  }
}
