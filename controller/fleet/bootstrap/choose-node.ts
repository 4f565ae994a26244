import { ErrandError } from '../../../proto/errors.ts'
import type { Layout } from './layout.ts'
import type { Parcel } from './parcels.ts'
import type { Arch, Probe } from './probe.ts'

/** Which Node the agent runs on. */
export type NodeChoice =
  /** One that the host has. */
  | { readonly kind: 'own'; readonly path: string }
  /** One that is sent to it. */
  | { readonly kind: 'sent'; readonly path: string; readonly parcel: Parcel }

export interface NodeOptions {
  readonly host: string
  readonly layout: Layout
  readonly isRoot: boolean
  /** --node-runtime FILE */
  readonly runtimeFile: string | undefined
  /** The packaged runtime of an architecture; undefined when this installation has none. */
  readonly packagedRuntime: (arch: Arch) => string | undefined
  readonly open: (path: string) => Promise<Parcel>
}

/** What the agent bundle is built for. */
const oldestMajor = 20

/**
 * Chooses what the agent runs on: the file that was named, else a Node of the host's own, else the packaged runtime.
 *
 * @throws {ErrandError} `unsupported` when none of them can be had, with the reason.
 */
export async function chooseNode(probe: Probe, options: NodeOptions): Promise<NodeChoice> {
  const { host, runtimeFile } = options
  if (probe.system !== 'Linux') {
    throw new ErrandError('unsupported', `${host} runs ${probe.system}; an agent needs Linux`)
  }
  if (runtimeFile !== undefined) return sent(await options.open(runtimeFile), options)
  const own = probe.nodes.find(
    ({ major, isSystem }) => major >= oldestMajor && (isSystem || !options.isRoot),
  )
  if (own) return { kind: 'own', path: own.path }
  const path = packaged(probe, options)
  return sent(await options.open(path), options)
}

function packaged(
  { arch, machine, hasGlibc }: Probe,
  { host, packagedRuntime }: NodeOptions,
): string {
  const advice = `install Node ${oldestMajor} or newer there, or name a runtime for it with --node-runtime FILE`
  if (!hasGlibc) {
    throw new ErrandError(
      'unsupported',
      `${host} has no glibc, which the Node runtime of errand needs: ${advice}`,
    )
  }
  const path = arch && packagedRuntime(arch)
  if (path !== undefined) return path
  throw new ErrandError(
    'unsupported',
    `${host} has no Node ${oldestMajor}, and errand has no runtime here for its architecture ${machine}: ${advice}`,
  )
}

function sent(parcel: Parcel, { layout }: NodeOptions): NodeChoice {
  return { kind: 'sent', path: `${layout.programDir}/node-${parcel.hash.slice(0, 16)}`, parcel }
}
