/** From a claimed folder to a running shim, or to an end before the beginning. */
import { writeFileSync } from 'node:fs'
import type { JobSpec, ProcessIdentity } from '../../proto/job.ts'
import type { CgroupBase } from './cgroup-base.ts'
import { unlinkIfThere } from './claim.ts'
import type { EndRecord } from './end-record.ts'
import type { JobEntry } from './job-entry.ts'
import { prepare, type Launch, type PrepareContext } from './prepare.ts'
import { becomeUser, CannotStart, type Identity, type Privilege } from './privilege.ts'
import { callOff } from './read-folder.ts'
import { ShimFailed, startShim, type ShimWays } from './shim-start.ts'
import { askingNothing } from './sudo-signal.ts'
import { checkSudo } from './through-sudo.ts'

/** What starting needs to know of the host. */
export interface StartContext extends Omit<PrepareContext, 'identity' | 'uploadPath'> {
  readonly privilege: Privilege
  readonly ways: ShimWays
  readonly cgroups: CgroupBase | undefined
  readonly endedDir: string
  /** Makes an uploaded file ready for whom the job runs as. */
  readonly uploadFor: (uploadId: string, identity: Identity) => Promise<string>
}

/** What starting came to. */
export type Started =
  | { readonly kind: 'running'; readonly main: ProcessIdentity }
  | { readonly kind: 'over'; readonly end: EndRecord }
  /** The shim is under way, but did not tell us: its folder will. */
  | { readonly kind: 'unknown' }

/** Who the job runs as; an end when that cannot be. */
export async function identityFor(
  spec: JobSpec,
  privilege: Privilege,
): Promise<Identity | EndRecord> {
  try {
    const identity = await becomeUser(privilege, spec.runAs)
    if (identity.sudo) await checkSudo(identity.sudo)
    return identity
  } catch (error) {
    return notStarted(error)
  }
}

function notStarted(error: unknown): EndRecord {
  if (!(error instanceof CannotStart)) throw error
  return { kind: 'not_started', errno: error.errno, message: error.message }
}

/** Starts a program, or an operation as a program of its own. */
export async function startJob(
  entry: JobEntry,
  spec: JobSpec,
  { identity, context }: { readonly identity: Identity; readonly context: StartContext },
): Promise<Started> {
  try {
    const prepared = await prepare(spec, {
      identity,
      locale: context.locale,
      operationArgv: context.operationArgv,
      uploadPath: (uploadId) => context.uploadFor(uploadId, identity),
    })
    if (prepared.kind === 'over') return prepared
    if (identity.sudo && entry.spec.cgroup === '') {
      const words = `${askingNothing(identity.sudo).join(' ')}\n`
      writeFileSync(entry.folder.sudo, words, { mode: 0o600 })
    }
    return await launchShim(entry, prepared.launch, context)
  } catch (error) {
    return { kind: 'over', end: notStarted(error) }
  }
}

async function launchShim(
  entry: JobEntry,
  launch: Launch,
  { ways, endedDir, cgroups }: StartContext,
): Promise<Started> {
  const { folder, spec } = entry
  const { cgroup, timeLimitMs, graceMs } = spec
  if (launch.stdin) writeFileSync(folder.stdin, launch.stdin, { mode: 0o600 })
  const shimsCgroup = cgroups?.shimsDir ?? ''
  const start = { folder, endedDir, launch, cgroup, shimsCgroup, timeLimitMs, graceMs }
  try {
    return { kind: 'running', main: await startShim(ways, start) }
  } catch (error) {
    if (!(error instanceof ShimFailed)) throw error
    if (!callOff(folder)) return { kind: 'unknown' }
    const { errno, message } = error
    return { kind: 'over', end: { kind: 'not_started', errno, message } }
  } finally {
    // The program has it open by now; nobody else may read it.
    unlinkIfThere(folder.stdin)
  }
}
