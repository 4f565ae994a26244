import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
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

/** Takes the first free slot, and first clears those whose owner died without a word. */
export async function takeSlot(): Promise<Slot> {
  await mkdir(SLOTS_DIR, { recursive: true })
  const taken = (await readdir(SLOTS_DIR)).filter((name) => /^\d+$/.test(name))
  await Promise.all(taken.map((name) => clearIfDead(join(SLOTS_DIR, name))))
  for (let number = 1; number <= LAST_SLOT; number++) {
    const place = join(SLOTS_DIR, String(number))
    const slot = existsSync(place) ? undefined : await claim(place, number)
    if (slot !== undefined) return slot
  }
  throw new Error(`all ${LAST_SLOT} places for labs are taken, see ${SLOTS_DIR}`)
}

/**
 * Of all who find the owner dead, the one that makes `clearing` clears. Who makes it late, in a place that was
 * cleared and taken anew meanwhile, sees a living owner and leaves.
 */
async function clearIfDead(place: string): Promise<void> {
  if (!(await isDead(place))) return
  const mark = join(place, 'clearing')
  try {
    await mkdir(mark)
  } catch {
    return // another process clears it, or has just done so
  }
  if (await isDead(place)) await clear(place)
  else await rmdir(mark)
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
  let released: Promise<void> | undefined // once: a second call must not meet who came after us
  return { environment, directory, release: () => (released ??= clear(place)) }
}

interface Owner {
  readonly pid: number
  readonly startTime: string | undefined
  readonly environment: Slot['environment']
}

async function ownerOf(place: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(join(place, 'owner'), 'utf8')) as Owner
  } catch {
    return undefined // somebody else has just cleared it
  }
}

async function isDead(place: string): Promise<boolean> {
  const owner = await ownerOf(place)
  return owner !== undefined && startTimeOf(owner.pid) !== owner.startTime
}

async function clear(place: string): Promise<void> {
  const owner = await ownerOf(place)
  if (owner === undefined) return
  const env = { ...process.env, ...owner.environment }
  await runCommand([join(import.meta.dirname, 'hosts.sh'), 'down'], { env })
  const ended = await mkdtemp(join(SLOTS_DIR, 'ended-'))
  await rename(place, join(ended, 'place')) // in one step: nobody sees half of it
  for (const path of [owner.environment.LAB, ended])
    await rm(path, { recursive: true, force: true })
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
