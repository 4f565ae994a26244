import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'

const SLOTS_DIR = '/run/errand-lab'
const LAST_SLOT = 250

/** A place for one lab on this machine: no other lab has its number while its owner lives. */
export interface Slot {
  /** What hosts.sh must be told: LAB, P and NET. */
  readonly environment: Readonly<Record<'LAB' | 'P' | 'NET', string>>
  /** Where the lab keeps everything. */
  readonly directory: string
  /** Ends what still runs in it and gives it back. */
  release(): Promise<void>
}

/** Takes the first free slot. One whose owner died without a word is cleared on the way. */
export async function takeSlot(): Promise<Slot> {
  await mkdir(SLOTS_DIR, { recursive: true })
  for (let number = 1; number <= LAST_SLOT; number++) {
    const place = join(SLOTS_DIR, String(number))
    if (existsSync(place)) {
      if (await isOwned(place)) continue
      await clear(place)
    }
    const slot = await claim(place, number)
    if (slot !== undefined) return slot
  }
  throw new Error(`all ${LAST_SLOT} places for labs are taken, see ${SLOTS_DIR}`)
}

/** Renaming a filled directory onto a filled one fails: that makes the claim one step. */
async function claim(place: string, number: number): Promise<Slot | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'errand-lab-'))
  const environment = { LAB: directory, P: `e${number}h`, NET: `10.77.${number}` }
  const filled = await mkdtemp(join(SLOTS_DIR, 'new-'))
  const owner = { pid: process.pid, startTime: startTimeOf(process.pid), environment }
  await writeFile(join(filled, 'owner'), JSON.stringify(owner))
  try {
    await rename(filled, place)
  } catch {
    await Promise.all([filled, directory].map((path) => rm(path, { recursive: true })))
    return undefined
  }
  return { environment, directory, release: () => clear(place) }
}

interface Owner {
  readonly pid: number
  readonly startTime: string | undefined
  readonly environment: Readonly<Record<string, string>>
}

async function ownerOf(place: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(join(place, 'owner'), 'utf8')) as Owner
  } catch {
    return undefined // somebody else has just cleared it
  }
}

async function isOwned(place: string): Promise<boolean> {
  const owner = await ownerOf(place)
  return owner?.startTime !== undefined && startTimeOf(owner.pid) === owner.startTime
}

async function clear(place: string): Promise<void> {
  const owner = await ownerOf(place)
  if (owner === undefined) return
  const env = { ...process.env, ...owner.environment }
  await runCommand([join(import.meta.dirname, 'hosts.sh'), 'down'], { env })
  const directory = owner.environment['LAB']
  if (directory !== undefined) await rm(directory, { recursive: true, force: true })
  await rm(place, { recursive: true, force: true })
}

/** Field 22 of /proc/PID/stat; the name before it may hold spaces and brackets. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined // no such process
  }
}
