/** Times of whole commands in turns with those of Ansible, and their ratios. */
import { runCommand, type CommandResult } from '../lab/run-command.ts'

const rounds = 7

/** A command of Ansible: with the system's Python, whatever PATH says first. */
export interface Theirs {
  readonly argv: readonly string[]
  readonly folder: string
  /** Its HOME. Default: the user's. */
  readonly home?: string
}

/**
 * Prints a row for errand and, where Ansible is installed, one for it and one of the ratios.
 *
 * @throws {Error} when the command of errand fails.
 */
export async function compare(
  name: string,
  { ours, theirs }: { readonly ours: () => Promise<CommandResult>; readonly theirs: Theirs },
): Promise<void> {
  const own: number[] = []
  const others: number[] = []
  const ratios: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const ms = await timed(async () => {
      const { code, stderr } = await ours()
      if (code !== 0) throw new Error(`${name}: ${stderr}`)
    })
    own.push(ms)
    const other = await timeOf(theirs)
    if (other === undefined) continue
    others.push(other)
    ratios.push(other / ms)
  }
  row(`errand: ${name}`, own, 'ms')
  if (others.length === 0) return
  row(`Ansible: ${name}`, others, 'ms')
  row('  times errand', ratios, '')
}

async function timeOf({ argv, folder, home }: Theirs): Promise<number | undefined> {
  const env = { ...process.env, ...(home === undefined ? {} : { HOME: home }) }
  const PATH = `/usr/bin:${process.env['PATH'] ?? ''}`
  let code = 1
  const ms = await timed(async () => {
    ;({ code } = await runCommand(argv, { cwd: folder, env: { ...env, PATH } }))
  })
  return code === 0 ? ms : undefined
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await work()
  return performance.now() - before
}

/** Least, median and most. */
export function row(what: string, values: readonly number[], unit: 'ms' | ''): void {
  const sorted = values.toSorted((a, b) => a - b)
  const [least = 0] = sorted
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0
  const most = sorted.at(-1) ?? 0
  const shown = [least, middle, most].map((value) =>
    value.toFixed(unit === 'ms' ? 0 : 1).padStart(8),
  )
  process.stdout.write(`${what.padEnd(36)} ${shown.join(' ')} ${unit}\n`)
}
