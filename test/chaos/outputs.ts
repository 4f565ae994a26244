import type { Errand } from '../support/errand.ts'
import { within } from './within.ts'

/** By `STREAM JOB-ID`. */
export type Outputs = ReadonlyMap<string, Buffer>

interface Piece {
  readonly jobId: string
  readonly stream: string
  /** Base64. */
  readonly data: string
}

/** How many jobs one `errand logs` is asked for, and how long it may take. */
const [atOnce, readMs] = [50, 180_000]

/** What `errand logs` gives of these jobs, to the byte. What cannot be read shows as missing bytes. */
export async function readOutputs(errand: Errand, jobIds: readonly string[]): Promise<Outputs> {
  const parts = new Map<string, Buffer[]>()
  for (let first = 0; first < jobIds.length; first += atOnce) {
    const args = ['logs', '--json', ...jobIds.slice(first, first + atOnce)]
    const what = `errand logs of jobs ${first + 1} to ${first + atOnce}`
    const { stdout } = await within(what, readMs, (signal) => errand.run(args, { signal }))
    for (const line of stdout.split('\n').filter((text) => text !== '')) {
      const { stream, jobId, data } = JSON.parse(line) as Piece
      const key = `${stream} ${jobId}`
      const known = parts.get(key) ?? []
      parts.set(key, known)
      known.push(Buffer.from(data, 'base64'))
    }
  }
  return new Map(Array.from(parts, ([key, pieces]) => [key, Buffer.concat(pieces)]))
}

/** Both streams of a job; empty where nothing is known. */
export function outputOf(
  outputs: Outputs,
  jobId: string | undefined,
): { readonly stdout: Buffer; readonly stderr: Buffer } {
  const of = (stream: string) => outputs.get(`${stream} ${jobId}`) ?? Buffer.of()
  return { stdout: of('stdout'), stderr: of('stderr') }
}
