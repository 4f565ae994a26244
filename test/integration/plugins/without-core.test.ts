import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempDisposableSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Value, newMap } from '../../../proto/value.ts'
import { pluginFixtures, pluginLab } from '../../support/python-plugins.ts'
import { waitFor } from '../../support/wait-for.ts'

const values: readonly (readonly [string, Value])[] = [
  ["{{ 'x' | upper }}", 'mine x'],
  ["{{ 'X' | lower }}", 'x'],
  ["{{ ['a', 'b'] | map('upper') | list }}", ['mine a', 'mine b']],
  ['{{ [7, 8] | select("lucky") | list }}', [7]],
  ['{{ 8 is lucky(8) }}', true],
  ['{{ 1 | add }} {{ 1 | add(other=2) }}', '2 3'],
  ["{{ 'tuple' | made | string }}", '(1, (2,))'],
  ["{{ 'keys' | made | string }}", "{1: 'one', None: 'none', 'text': 2}"],
  ["{{ 'marked' | made | string }}", String.raw`{'\x00tuple': [1]}`],
  ["{{ 'big' | made }}", 10n ** 30n],
  ["{{ 'whole' | made | string }}", '2.0'],
  ["{{ 'infinite' | made | string }}", '-inf'],
  ["{{ 'generator' | made }}", [2, 4]],
  ["{{ ('date' | made).year }} {{ 'date' | made | kind }}", '2020 datetime'],
  ["{{ 'bytes' | made }}", 'abc'],
  ["{{ 'object' | made }} {{ 'object' | made | same_object }}", 'warm True'],
  ["{{ 'surrogate' | made }}", '\ud800'],
  [
    "{{ (1, 2) | kind }} {{ 1.0 | kind }} {{ {'a': 1} | kind }} {{ none | kind }}",
    'tuple float dict NoneType',
  ],
  ["{{ nobody | kind != '' }}", true],
  ["{{ 'x' | my.own.named }} {{ lookup('my.own.found', 'x') }}", 'named x found x'],
  ["{{ 'x' is filter }} {{ 'kept' is filter }}", 'False True'],
  ["{{ 'GREETING' | surroundings }}", [pluginFixtures, 'hello']],
  ["{{ 'x' | printing }}", 'x'],
]

test('filters and tests that import nothing run without ansible-core', async (t) => {
  const { render, warnings } = await pluginLab(t, ['plain'])
  for (const [text, expected] of values) assert.deepEqual(render(text), expected, text)
  assert.equal(warnings.length, 1)
  assert.match(warnings[0] ?? '', /^Skipping plugin \(.*broken\.py\), cannot load: it was never/u)
})

const errors: readonly (readonly [string, RegExp])[] = [
  [
    "{{ 'x' | add }}",
    /^Unexpected templating type error occurred on \(.*\): can only concatenate/u,
  ],
  ["{{ 'x' | kept(1) }}", /kept\(\) takes 1 positional argument but 2 were given/u],
  ["{{ 'x' | wrong }}", /^x is wrong$/u],
  ['{{ nobody | add }}', /'nobody' is undefined/u],
  ["{{ 'x' | nobodys }}", /no filter named 'nobodys'/u],
  [
    "{{ 'x' | cored }}",
    /^filter 'cored': .*cored\.py needs ansible-core on the controller, and there is none/u,
  ],
  ["{{ 'x' | no.such.one }}", /no filter named 'no\.such\.one'/u],
  ["{{ lookup('cored_lookup', 'x') }}", /cored_lookup\.py needs ansible-core on the controller/u],
  [
    "{{ 'x' | leaving }}",
    /process of plugins ended while it ran the filter plugin 'leaving': it ended with code 3/u,
  ],
]

test('what goes wrong in a plugin is one sentence, and the next call goes on', async (t) => {
  const { render } = await pluginLab(t, ['plain', 'needs-core'])
  for (const [text, expected] of errors) {
    assert.throws(() => render(text), { message: expected }, text)
    assert.equal(render("{{ 'x' | upper }}"), 'mine x')
  }
})

test('lookup() hands on terms, options and variables', async (t) => {
  const { render, plugins } = await pluginLab(t, ['plain'])
  assert.deepEqual(render("{{ query('plain_lookup', 'a', size=1) }}", { a: [1] }), [
    ['a', [1], null, newMap([['size', 1]])],
  ])
  assert.throws(
    () => render("{{ lookup('plain_lookup', 'b') }}"),
    /KeyError.*original message: 'b'/u,
  )
  assert.equal(plugins.overridesLookup('plain_lookup'), true)
})

test('a variable that needs a plugin itself is rendered while another plugin waits for it', async (t) => {
  const { plugins } = await pluginLab(t, ['plain'])
  const scope = {
    resolve: (name: string) =>
      name === 'inner'
        ? (plugins.call({ kind: 'filter', name: 'upper', input: 'x', args, scope }) as Value)
        : new Map(),
  }
  const args = { positional: [], named: new Map() }
  const [[, value]] = plugins.lookup('plain_lookup', ['inner'], newMap(), scope) as [
    [string, Value],
  ]
  assert.equal(value, 'mine x')
})

test('a plugin that hangs is ended, and the next call has a new process', async (t) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-plugins-'))
  const { render } = await pluginLab(t, ['plain'], { limitMs: 5000 })
  const file = join(folder.path, 'pid')
  const said = /the filter plugin 'hanging' took longer than 5 s and was ended/u
  assert.throws(() => render('{{ file | hanging }}', { file }), said)
  assert.equal(render("{{ 'x' | upper }}"), 'mine x')
  await waitFor('the process to be gone', () => isGone(file))
})

test('the process ends with its run', async (t) => {
  const { render, plugins } = await pluginLab(t, ['plain'])
  const pid = Number(render('{{ 1 | process }}'))
  plugins[Symbol.dispose]()
  await waitFor('the process to be gone', () => isOver(pid))
})

test('a controller that is killed leaves no plugin behind', async (t) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'errand-plugins-'))
  const file = join(folder.path, 'pid')
  const program = join(pluginFixtures, 'hang.ts')
  const controller = spawn(process.execPath, [program, file], { stdio: 'inherit' })
  t.after(() => controller.kill('SIGKILL'))
  await waitFor('the plugin to run', () => /^\d+$/u.test(readFileSync(file, 'utf8')))
  controller.kill('SIGKILL')
  await waitFor('the plugin to be gone', () => isGone(file))
})

test('without python3 it is said that it is missing', async (t) => {
  const { render } = await pluginLab(t, ['plain'], { PATH: '/nonexistent' })
  assert.throws(() => render("{{ 'x' | upper }}"), /there is no python3 on this machine/u)
})

test('nothing is started where no plugin is asked for', async (t) => {
  const { render } = await pluginLab(t, ['plain'], { PATH: '/nonexistent' })
  assert.equal(render("{{ 'X' | lower }}"), 'x')
})

function isGone(file: string): boolean {
  return isOver(Number(readFileSync(file, 'utf8')))
}

function isOver(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true // no such process
  }
}
