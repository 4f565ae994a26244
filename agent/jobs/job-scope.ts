/** A scope of systemd's for the jobs, beside the agent's unit: what befalls that unit (restart, stop, kill) spares them. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** How long systemd may take to make a scope. */
const timeoutMs = 20_000

export interface ScopeSearch {
  /** The cgroup of the agent's unit, as a folder of the mounted file system. */
  readonly unitDir: string
  readonly agentId: string
}

/**
 * The cgroup folder of the jobs' scope, which is made when it is not there yet. Undefined where systemd makes none.
 * It lasts while anything is in it, so it begins with a process that only sleeps; see {@link emptyInto}.
 */
export function openJobScope({ unitDir, agentId }: ScopeSearch): string | undefined {
  const slice = dirname(unitDir)
  const name = `errand-jobs-${agentId}.scope`
  const dir = join(slice, name)
  if (existsSync(dir)) return dir
  const unit = basename(unitDir)
  spawnSync('systemd-run', [...scopeWords(name, unit), ...sliceWords(slice), '--', ...keeper], {
    stdio: 'ignore',
    timeout: timeoutMs,
  })
  return existsSync(dir) ? dir : undefined
}

/** Before the unit means after it on the way down: the agent does not see its jobs end with the host. */
function scopeWords(name: string, unit: string): readonly string[] {
  const properties = ['Delegate=yes', 'TasksMax=infinity', `Before=${unit}`]
  return [
    '--scope',
    '--quiet',
    '--collect',
    '--no-ask-password',
    `--unit=${name}`,
    '--description=jobs of the errand agent',
    ...properties.map((property) => `--property=${property}`),
  ]
}

function sliceWords(slice: string): readonly string[] {
  return slice.endsWith('.slice') ? [`--slice=${basename(slice)}`] : []
}

const keeper = ['/bin/sh', '-c', 'cd /; setsid sleep infinity </dev/null >/dev/null 2>&1 &']

/** Moves what is in `dir` itself to `leaf` below it: a cgroup with processes hands no controllers down. */
export function emptyInto(dir: string, leaf: string): void {
  for (const pid of readFileSync(join(dir, 'cgroup.procs'), 'latin1').split('\n')) {
    if (pid === '' || pid === '0') continue
    try {
      writeFileSync(join(leaf, 'cgroup.procs'), pid)
    } catch {
      // It has ended, as the shell that started the keeper does.
    }
  }
}
