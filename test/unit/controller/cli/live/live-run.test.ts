import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LiveRun } from '../../../../../controller/cli/live/live-run.ts'
import type { OutputPiece } from '../../../../../proto/control.ts'
import type { RunEvent, RunEventBody } from '../../../../../proto/run.ts'
import { stringifyJson } from '../../../../../proto/json-text.ts'
import { mapOf, newMap, type ValueMap } from '../../../../../proto/value.ts'
import { waitFor } from '../../../../support/wait-for.ts'

test('LiveRun shows output below its task and before the result, once', async () => {
  const stage = new Stage()
  await stage.say(task('hello'), started('j1', 'web1', 'hello'))
  stage.print('j1', 'one\ntwo\n')
  stage.end('j1')
  await stage.say(result('web1', mapOf({ stdout: 'one\ntwo', rc: 0 })), { kind: 'no_hosts_left' })
  assert.deepEqual(await stage.close(), [
    'TASK hello',
    'web1: one',
    'web1: two',
    'RESULT web1 {"rc":0}',
    'no_hosts_left',
  ])
})

test('LiveRun shows a line before its job has ended', async () => {
  const stage = new Stage()
  await stage.say(task('t'), started('j1', 'web1', 't'))
  stage.print('j1', 'now\n')
  await waitFor('the line', () => stage.printed.includes('web1: now'))
  stage.end('j1')
  await stage.close()
})

test('LiveRun makes one line of what many hosts print alike, results come after', async () => {
  const stage = new Stage({ foldMs: 60_000 })
  const hosts = Array.from({ length: 40 }, (_, index) => `web${index + 1}`)
  await stage.say(task('t'))
  for (const host of hosts) await stage.say(started(`j-${host}`, host, 't'))
  for (const host of hosts) {
    stage.print(`j-${host}`, 'same\n')
    stage.end(`j-${host}`)
    await stage.say(result(host, mapOf({ stdout: 'same' })))
  }
  await stage.say(task('next'))
  const printed = await stage.close()
  assert.equal(printed[1], 'web[1-40]: same')
  assert.deepEqual(
    printed.slice(2, -1),
    hosts.map((host) => `RESULT ${host} {}`),
  )
  assert.equal(printed.at(-1), 'TASK next')
})

test('LiveRun keeps the lines and items of a host in order', async () => {
  const stage = new Stage({ foldMs: 60_000 })
  await stage.say(task('t'), started('other', 'web2', 't'))
  for (const n of [1, 2]) {
    await stage.say(started(`j${n}`, 'web1', 't'))
    stage.print(`j${n}`, `line ${n}\n`)
    stage.end(`j${n}`)
    await stage.say(item('web1', mapOf({ stdout: `line ${n}` })))
  }
  stage.end('other')
  await stage.say(result('web1', mapOf({ results: [] })))
  assert.deepEqual(await stage.close(), [
    'TASK t',
    'web1: line 1',
    'ITEM web1 {}',
    'web1: line 2',
    'ITEM web1 {}',
    'RESULT web1 {"results":[]}',
  ])
})

test('LiveRun prints the whole result where not all was shown, and of a failure', async () => {
  const stage = new Stage()
  await stage.say(task('t'), started('j1', 'web1', 't'))
  stage.print('j1', 'some\n')
  stage.push('j1', { droppedBytes: 5 })
  stage.end('j1')
  await stage.say(result('web1', mapOf({ stdout: 'some' })), started('j2', 'web2', 't'))
  stage.print('j2', 'bad\n')
  stage.end('j2')
  await stage.say(result('web2', mapOf({ stdout: 'bad' }), 'failed'))
  const printed = await stage.close()
  assert.ok(printed.includes('RESULT web1 {"stdout":"some"}'))
  assert.ok(printed.includes('RESULT web2 {"stdout":"bad"}'))
})

test('LiveRun says which task a line is of when another has begun', async () => {
  const stage = new Stage()
  const launched = mapOf({ ansible_job_id: 'j1', finished: 0, started: 1 })
  await stage.say(task('long'), started('j1', 'web1', 'long'), result('web1', launched))
  await stage.say(task('next'))
  await waitFor('the next task', () => stage.printed.includes('TASK next'))
  stage.print('j1', 'still here\n')
  await waitFor('the line', () => stage.printed.includes('web1 (long): still here'))
  // It runs on: the run's end does not wait for it.
  await stage.close()
})

test('LiveRun does not wait for ever for the output that a result comes after', async () => {
  const stage = new Stage({ patienceMs: 1 })
  await stage.say(task('t'), started('j1', 'web1', 't'), result('web1', mapOf({ stdout: 'x' })))
  await waitFor('the result', () => stage.printed.includes('RESULT web1 {"stdout":"x"}'))
  await stage.close()
})

test('LiveRun shows a line that has no end after a while', async () => {
  const stage = new Stage({ openLineMs: 1 })
  await stage.say(task('t'), started('j1', 'web1', 't'))
  stage.print('j1', 'Password: ')
  await waitFor('the line', () => stage.printed.includes('web1: Password: '))
  stage.end('j1')
  await stage.close()
})

test('LiveRun marks what comes from standard error', async () => {
  const stage = new Stage()
  await stage.say(task('t'), started('j1', 'web1', 't'))
  stage.push('j1', { stream: 'stderr', data: Buffer.from('oops\n') })
  stage.end('j1')
  await stage.say(result('web1', newMap()))
  assert.ok((await stage.close()).includes('web1 stderr: oops'))
})

/** A run whose events and output the test says. */
class Stage {
  readonly printed: string[] = []
  readonly #live: LiveRun
  readonly #outputs = new Map<string, Output>()
  #seq = 0

  constructor(times: { foldMs?: number; patienceMs?: number; openLineMs?: number } = {}) {
    this.#live = new LiveRun({
      read: (jobId) => this.#output(jobId).pieces(),
      printEvent: async ({ body }) => {
        const text = shown(body)
        if (text !== undefined) this.printed.push(text)
      },
      printLine: async (line) => {
        this.printed.push(line)
      },
      ...times,
    })
  }

  async say(...bodies: readonly RunEventBody[]): Promise<void> {
    for (const body of bodies) {
      this.#seq += 1
      await this.#live.push({ seq: this.#seq, atMs: 0, body } satisfies RunEvent)
    }
  }

  print(jobId: string, text: string): void {
    this.push(jobId, { data: Buffer.from(text) })
  }

  push(jobId: string, piece: Partial<OutputPiece>): void {
    this.#output(jobId).add({
      jobId,
      host: '',
      stream: 'stdout',
      offset: 0,
      data: new Uint8Array(),
      droppedBytes: 0,
      isEnd: false,
      ...piece,
    })
  }

  end(jobId: string): void {
    this.#output(jobId).add(undefined)
  }

  async close(): Promise<readonly string[]> {
    await this.#live[Symbol.asyncDispose]()
    return this.printed
  }

  #output(jobId: string): Output {
    const known = this.#outputs.get(jobId) ?? new Output()
    this.#outputs.set(jobId, known)
    return known
  }
}

class Output {
  readonly #pieces: (OutputPiece | undefined)[] = []
  #wake: () => void = () => undefined

  add(piece: OutputPiece | undefined): void {
    this.#pieces.push(piece)
    this.#wake()
  }

  async *pieces(): AsyncGenerator<OutputPiece, void> {
    for (;;) {
      while (this.#pieces.length > 0) {
        const piece = this.#pieces.shift()
        if (!piece) return
        yield piece
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

function shown(body: RunEventBody): string | undefined {
  if (body.kind === 'task_started') return `TASK ${body.task}`
  if (body.kind === 'host_result') return `RESULT ${body.host.host} ${stringifyJson(body.result)}`
  if (body.kind === 'item_result') return `ITEM ${body.host.host} ${stringifyJson(body.result)}`
  return body.kind === 'job_started' ? undefined : body.kind
}

function task(name: string): RunEventBody {
  return {
    kind: 'task_started',
    taskId: name,
    task: name,
    isHandler: false,
    module: 'command',
    path: 'site.yml:1',
    check: false,
  }
}

function started(jobId: string, host: string, name: string): RunEventBody {
  return { kind: 'job_started', jobId, host, task: name, isAsync: false, hasOutput: true }
}

function result(
  host: string,
  fields: ValueMap,
  status: 'changed' | 'failed' = 'changed',
): RunEventBody {
  return {
    kind: 'host_result',
    taskId: 't',
    task: 't',
    module: 'command',
    host: { host },
    status,
    isIgnored: false,
    hasItems: false,
    result: newMap(fields),
  }
}

function item(host: string, fields: ValueMap): RunEventBody {
  return {
    kind: 'item_result',
    taskId: 't',
    module: 'command',
    host: { host },
    status: 'changed',
    label: 'x',
    result: newMap(fields),
  }
}
