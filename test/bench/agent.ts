/**
 * What one agent costs: its memory at rest, with 500 jobs and after a gigabyte of output, what a job costs, and how
 * fast it says how a job is.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryFlags } from '../../controller/fleet/bootstrap/program-files.ts'
import { enrolledAgent, jobSpec, shell, type TestAgent } from '../integration/agent/test-agent.ts'
import type { TestClient } from '../integration/agent/test-client.ts'

const bundle = join(import.meta.dirname, '../../dist/errand-agent.js')
const jobCount = 500
const looks = 2000
const outputBytes = 1024 ** 3

/** The built agent below this runtime and below the machine's own, where that is another. */
export async function benchAgent(): Promise<void> {
  const seen = new Set<string>()
  for (const node of [process.execPath, '/usr/bin/node', '/usr/local/bin/node']) {
    if (!existsSync(node)) continue
    const version = execFileSync(node, ['--version']).toString().trim()
    if (seen.has(version)) continue
    seen.add(version)
    await benchUnder(node, version)
  }
}

async function benchUnder(node: string, version: string): Promise<void> {
  const cleanUps: (() => Promise<void>)[] = []
  try {
    const agent = await enrolledAgent({ after: (cleanUp) => cleanUps.unshift(cleanUp) })
    agent.runtime = [node, ...memoryFlags, bundle]
    await agent.start()
    await measure(agent, `agent below Node ${version}`)
  } finally {
    for (const cleanUp of cleanUps) await cleanUp()
  }
}

async function measure(agent: TestAgent, name: string): Promise<void> {
  const client = await agent.connect()
  const pid = agent.process?.pid ?? 0
  await settle()
  show(`${name}: memory at rest`, megabytes(memoryOf(pid)), 'MB')
  const jobIds = await startJobs(client)
  await settle()
  show(`  with ${jobCount} jobs running`, megabytes(memoryOf(pid)), 'MB')
  const others = jobIds.length === 0 ? 0 : sharesOf(jobMark) / jobCount
  show('  a job: its shim and the sleep of its time limit', megabytes(others), 'MB')
  const times = await lookAt(client, jobIds)
  show('  status answer, median', times[Math.floor(times.length / 2)] ?? 0, 'ms')
  show('  status answer, 99th percentile', times[Math.floor(times.length * 0.99)] ?? 0, 'ms')
  await Promise.all(jobIds.map((jobId) => client.cancel(jobId, 100)))
  for (const jobId of jobIds) await client.end(jobId)
  await settle()
  const before = memoryOf(pid)
  show('  after all of them were cancelled', megabytes(before), 'MB')
  await readMuch(client)
  show('  1 GB of output read moved it by', megabytes(memoryOf(pid) - before), 'MB')
}

const jobMark = 'errand-bench-job'

async function startJobs(client: TestClient): Promise<readonly string[]> {
  const jobIds: string[] = []
  for (let number = 0; number < jobCount; number += 1) {
    const spec = jobSpec(shell(`: ${jobMark}; while :; do sleep 1000; done`), {
      timeLimitMs: 600_000,
    })
    jobIds.push(spec.jobId)
    await client.submit(spec)
  }
  return jobIds
}

async function lookAt(client: TestClient, jobIds: readonly string[]): Promise<readonly number[]> {
  const times: number[] = []
  for (let number = 0; number < looks; number += 1) {
    const before = performance.now()
    await client.look(jobIds[number % jobIds.length] ?? '')
    times.push(performance.now() - before)
  }
  return times.toSorted((a, b) => a - b)
}

async function readMuch(client: TestClient): Promise<void> {
  const spec = jobSpec(shell(`head -c ${outputBytes} /dev/zero`))
  await client.submit(spec)
  await client.end(spec.jobId)
  let bytes = 0
  for await (const chunk of client.readOutput(spec.jobId, 'stdout', 0, true)) {
    bytes += (chunk as { readonly data: Buffer }).data.length
  }
  if (bytes !== outputBytes) throw new Error(`${bytes} bytes came`)
}

/** Resident memory of a process. */
function memoryOf(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, 'VmRSS')
}

/** What all processes of these jobs hold, shared pages by their share. */
function sharesOf(mark: string): number {
  let sum = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark))
        sum += kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss')
    } catch {
      // It has ended.
    }
  }
  return sum
}

function kilobytes(file: string, key: string): number {
  const value = new RegExp(`^${key}:\\s+(\\d+) kB`, 'mu').exec(readFileSync(file, 'utf8'))?.[1]
  return Number(value ?? 0) * 1024
}

function megabytes(bytes: number): number {
  return bytes / 1024 ** 2
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 3000))
}

function show(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(58)} ${value.toFixed(1).padStart(8)} ${unit}\n`)
}
