import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { Journal } from '../../../../agent/jobs/journal.ts'
import type { JobReport } from '../../../../proto/job.ts'
import { tempDir } from '../temp-dir.ts'

const log = pino({ level: 'silent' })

function report(name: string): JobReport {
  const none = { keptBytes: 0, droppedBytes: 0 }
  const state = { kind: 'succeeded', startedAtMs: 1, endedAtMs: 2 } as const
  return {
    jobId: 'j0000000000001.000000000001',
    name,
    state,
    stdout: none,
    stderr: none,
    containment: 'none',
  }
}

function open(file: string, more: { bootId?: string; compactAfter?: number } = {}): Journal {
  return new Journal({ file, bootId: 'boot', log, ...more })
}

test('append() numbers from 1 and next() gives what follows a number', (t) => {
  const journal = open(join(tempDir(t), 'journal'))
  for (const name of ['a', 'b', 'c']) journal.append(report(name))
  assert.deepEqual(
    journal.waiting.map(({ seq }) => seq),
    [1, 2, 3],
  )
  assert.equal(journal.next(1)?.report.name, 'b')
  assert.equal(journal.next(3), undefined)
  journal[Symbol.dispose]()
})

test('Journal goes on where it was after a restart', (t) => {
  const file = join(tempDir(t), 'journal')
  const first = open(file)
  first.append(report('a'))
  first.append(report('b'))
  first.acknowledge(1)
  // No dispose: the process was killed.
  const second = open(file)
  assert.equal(second.id, first.id)
  assert.equal(second.isNew, false)
  assert.deepEqual(
    second.waiting.map(({ seq }) => seq),
    [2],
  )
  assert.equal(second.append(report('c')).seq, 3)
  for (const journal of [first, second]) journal[Symbol.dispose]()
})

test('Journal keeps counting when everything was acknowledged and written anew', (t) => {
  const file = join(tempDir(t), 'journal')
  const first = open(file, { compactAfter: 3 })
  for (const name of ['a', 'b', 'c', 'd']) first.append(report(name))
  const before = readFileSync(file, 'utf8').length
  first.acknowledge(4)
  assert.ok(readFileSync(file, 'utf8').length < before / 2)
  first[Symbol.dispose]()
  const second = open(file)
  assert.equal(second.isNew, false)
  assert.equal(second.append(report('e')).seq, 5)
  second[Symbol.dispose]()
})

test('Journal cuts off a torn end and goes on', (t) => {
  const file = join(tempDir(t), 'journal')
  const first = open(file)
  first.append(report('a'))
  first[Symbol.dispose]()
  appendFileSync(file, '0123456789abcdef {"kind":"event","seq":2,"atM')
  const second = open(file)
  assert.equal(second.append(report('b')).seq, 2)
  second[Symbol.dispose]()
  const third = open(file)
  assert.deepEqual(
    third.waiting.map(({ report: { name } }) => name),
    ['a', 'b'],
  )
  third[Symbol.dispose]()
})

test('Journal begins anew after a reboot, since a power cut may have taken its end', (t) => {
  const file = join(tempDir(t), 'journal')
  const first = open(file)
  first.append(report('a'))
  first[Symbol.dispose]()
  const second = open(file, { bootId: 'another' })
  assert.notEqual(second.id, first.id)
  assert.equal(second.isNew, true)
  assert.equal(second.append(report('b')).seq, 1)
  second[Symbol.dispose]()
})

test('Journal begins anew when its file is not one', (t) => {
  const file = join(tempDir(t), 'journal')
  writeFileSync(file, 'something else\n')
  const journal = open(file)
  assert.equal(journal.isNew, true)
  journal[Symbol.dispose]()
})

test('onAppend() tells until it is undone', (t) => {
  const journal = open(join(tempDir(t), 'journal'))
  let told = 0
  const stop = journal.onAppend(() => {
    told += 1
  })
  journal.append(report('a'))
  stop()
  journal.append(report('b'))
  assert.equal(told, 1)
  journal[Symbol.dispose]()
})

test('Journal keeps what a torn line would have swallowed apart from it', (t) => {
  const file = join(tempDir(t), 'journal')
  const first = open(file)
  first.append(report('a'))
  first[Symbol.dispose]()
  // A damaged line with others behind it is no torn end: what is behind it may have been told.
  const [header = '', event = ''] = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, [header, event.replace('"a"', '"x"'), event, ''].join('\n'))
  const second = open(file)
  assert.equal(second.isNew, true)
  assert.notEqual(second.id, first.id)
  second[Symbol.dispose]()
})

test('hasLost() tells that a controller knows numbers which never came into the file', (t) => {
  const file = join(tempDir(t), 'journal')
  const first = open(file)
  for (const name of ['a', 'b', 'c']) first.append(report(name))
  first[Symbol.dispose]()
  // The last line goes whole, as on a disk that took no more: nothing in the file shows it.
  const lines = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, `${lines.slice(0, -2).join('\n')}\n`)
  const second = open(file)
  assert.equal(second.lastSeq, 2)
  assert.equal(second.hasLost(2), false)
  assert.equal(second.hasLost(3), true)
  second.append(report('d')) // takes the number 3 again, which nobody has been told
  assert.equal(second.hasLost(3), true)
  second.beginAnew()
  assert.equal(second.hasLost(3), false, 'a journal that was begun now has lost nothing')
  assert.equal(second.append(report('d')).seq, 1)
  const { id } = second
  second[Symbol.dispose]()
  const third = open(file)
  assert.deepEqual([third.id, third.isNew, third.waiting.length], [id, false, 1])
  third[Symbol.dispose]()
})

test('hasLost() is false for what was told since', (t) => {
  const file = join(tempDir(t), 'journal')
  open(file)[Symbol.dispose]()
  const journal = open(file)
  journal.append(report('a'))
  assert.equal(journal.hasLost(1), true)
  assert.equal(journal.next(0)?.seq, 1)
  assert.equal(journal.hasLost(1), false)
  journal[Symbol.dispose]()
})

test('Journal replays what was stored and not acknowledged before a crash, under the same numbers', (t) => {
  const file = join(tempDir(t), 'journal')
  const first = open(file)
  for (const name of ['a', 'b', 'c']) first.append(report(name))
  for (let seq = 0; first.next(seq); seq += 1); // told, and stored by the controller
  first.acknowledge(1) // and then it crashed between storing and acknowledging
  const second = open(file)
  assert.deepEqual(
    second.waiting.map(({ seq, report: { name } }) => [seq, name]),
    [
      [2, 'b'],
      [3, 'c'],
    ],
  )
  assert.equal(second.hasLost(3), false)
  for (const journal of [first, second]) journal[Symbol.dispose]()
})
