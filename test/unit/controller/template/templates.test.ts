import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plain } from '../../../support/plain.ts'
import { Undefined, type Scope } from '../../../../controller/template/scope.ts'
import {
  TemplateError,
  Templates,
  type TemplatesOptions,
  dropOmitted,
  omitToken,
} from '../../../../controller/template/templates.ts'
import { ErrandError } from '../../../../proto/errors.ts'
import { parseJson } from '../../../../proto/json-text.ts'
import { Float, type Value, type ValueMap, newMap } from '../../../../proto/value.ts'

function make(variables: string, options: Partial<TemplatesOptions> = {}) {
  const templates = new Templates({ lookups: { lookup: () => [] }, ...options })
  return { templates, scope: scopeOf(parseJson(variables) as ValueMap) }
}

function scopeOf(variables: ValueMap): Scope {
  return {
    resolve: (name) =>
      variables.has(name) ? (variables.get(name) ?? null) : new Undefined(`'${name}' is undefined`),
  }
}

function failure(work: () => unknown): TemplateError {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof TemplateError, String(error))
    assert.ok(error instanceof ErrandError)
    assert.equal(error.code, 'invalid')
    return error
  }
  assert.fail('no error was thrown')
}

test('Templates.isTemplate() tells whole marks from loose ones', () => {
  const { templates } = make('{}')
  for (const text of ['{{ x }}', 'a {% if x %}', '{# c #}', '{% raw %}x{% endraw %}']) {
    assert.equal(templates.isTemplate(text), true, text)
  }
  for (const text of ['plain', '{{ x', '}} {{', '{ x }', '{{ x %}']) {
    assert.equal(templates.isTemplate(text), false, text)
  }
})

test('Templates.render() goes through lists and maps and leaves keys alone', () => {
  const { templates, scope } = make('{"x": 1, "k": "key"}')
  const source = newMap([['{{ k }}', ['{{ x }}', newMap([['a', 'v{{ x }}']])]]])
  assert.deepEqual((templates.render(source, scope) as ValueMap).get('{{ k }}'), [
    1,
    newMap([['a', 'v1']]),
  ])
  const keyed = templates.render(source, scope, { hasTemplatedKeys: true }) as ValueMap
  assert.deepEqual([...keyed.keys()], ['key'])
})

test('Templates.render() gives back the same list when nothing in it is a template', () => {
  const { templates, scope } = make('{}')
  const list: Value = ['a', 1]
  assert.equal(templates.render(list, scope), list)
})

test('Templates.render() changes no variable in place', () => {
  const { templates } = make('{}')
  const list = [1]
  const scope = scopeOf(newMap([['list', list]]))
  assert.deepEqual(templates.render('{{ list.append(2) }}{{ list }}', scope), [1, 2])
  assert.deepEqual(list, [1])
})

test('Templates.render() keeps the order and the type of keys', () => {
  const { templates, scope } = make('{}')
  const map = templates.render("{{ {'b': 1, 10: 2, '10': 3, 9: {true: 4}} }}", scope)
  assert.deepEqual(
    map,
    newMap([
      ['b', 1],
      [10, 2],
      ['10', 3],
      [9, newMap([[true, 4]])],
    ]),
  )
})

test('Templates.evaluate() keeps types', () => {
  const { templates, scope } = make('{"x": 5}')
  assert.equal(templates.evaluate('x + 1', scope), 6)
  assert.equal(templates.evaluate("'6'", scope), '6')
  assert.deepEqual(templates.evaluate('x / 5', scope), new Float(1))
  assert.equal(templates.evaluate('2 ** 64', scope), 2n ** 64n)
  assert.ok(templates.evaluate('nope', scope) instanceof Undefined)
})

test('Templates.test() takes a boolean, a list, nothing', () => {
  const { templates, scope } = make('{"x": 5}')
  assert.equal(templates.test(true, scope), true)
  assert.equal(templates.test(null, scope), true)
  assert.equal(templates.test(['x == 5', 'x > 6'], scope), false)
  assert.equal(templates.test(['x == 5', true, 'x < 6'], scope), true)
})

test('Templates.test() never evaluates what came from a target', () => {
  const { templates } = make('{}')
  const variables = newMap([['out', 'lookup("pipe", "id")']])
  const error = failure(() => templates.test('{{ out }}', scopeOf(variables)))
  assert.match(error.message, /Conditional is marked as unsafe, and cannot be evaluated\.$/u)
})

test('Templates.test() warns of template marks', () => {
  const warnings: string[] = []
  const { templates, scope } = make('{"x": true}', { warn: (message) => warnings.push(message) })
  assert.equal(templates.test('{{ x }}', scope), true)
  assert.equal(warnings.length, 1)
  assert.match(warnings[0] ?? '', /^conditional statements should not include jinja2/u)
})

test('Templates.render() passes on what an undefined variable is undefined for', () => {
  const { templates } = make('{}')
  const scope: Scope = {
    resolve: (name) =>
      name === 'outer'
        ? templates.render('{{ inner }}', scope)
        : new Undefined(`'${name}' is undefined`),
  }
  assert.equal(templates.render("{{ outer | default('d') }}", scope), 'd')
  const error = failure(() => templates.render('{{ outer }}', scope))
  assert.equal(error.kind, 'UndefinedError')
  assert.match(error.message, /^\{\{ inner \}\}: 'inner' is undefined/u)
})

test('Templates.renderFile() says where it failed', () => {
  const { templates, scope } = make('{"x": 1}')
  const cases: [string, number, number | undefined][] = [
    ['a\n b {{ nope }}\n', 2, undefined],
    ['a\n\n{{ x y }}\n', 3, 6],
    ['{{ x | nofilter }}', 1, 8],
    ['{% for i in [1] %}\n{{ i / 0 }}\n{% endfor %}', 2, undefined],
    ['a\n{% nope %}', 2, 4],
  ]
  for (const [text, line, column] of cases) {
    const error = failure(() => templates.renderFile(text, scope, { name: 'web.j2' }))
    assert.equal(error.line, line, text)
    if (column !== undefined) assert.equal(error.column, column, text)
    assert.ok(error.message.startsWith(`web.j2:${line}:`), error.message)
  }
})

test('Templates.render() names the nearest filter', () => {
  const { templates, scope } = make('{"x": 1}')
  const error = failure(() => templates.render('{{ x | defualt(1) }}', scope))
  assert.match(error.message, /no filter named 'defualt', did you mean 'default'\?/u)
})

test('Templates.render() knows filters and tests by their full names', () => {
  const { templates, scope } = make('{"x": ["a"]}')
  assert.equal(templates.render('j{{ x | ansible.builtin.to_json }}', scope), 'j["a"]')
  assert.equal(templates.render("{{ '::1' | ansible.utils.ipwrap }}", scope), '[::1]')
  assert.equal(templates.render("{{ 'a' is ansible.builtin.match('a') }}", scope), true)
  assert.deepEqual(templates.render("{{ x | map('ansible.builtin.b64encode') }}", scope), ['YQ=='])
})

test('Templates.render() stops what grows without bounds', () => {
  const { templates, scope } = make('{"x": 1}')
  const sources = [
    '{{ range(10 ** 9) }}',
    "{{ 'a' * 10 ** 9 }}",
    '{{ [1] * 10 ** 9 }}',
    '{{ 9 ** (9 ** 9) }}',
    "{{ '%1000000000s' % 'a' }}",
    "{{ 'a'.ljust(10 ** 9) }}",
    '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    '{{ range(1000) | product(range(1000), range(1000)) }}',
    `{{ ${'('.repeat(20_000)}1${')'.repeat(20_000)} }}`,
  ]
  for (const source of sources) {
    const error = failure(() => templates.render(source, scope))
    assert.match(error.message, /limit|too large|too deep|nested/u, source.slice(0, 60))
  }
})

test('Templates.render() hands lookups their terms and options', () => {
  const calls: unknown[] = []
  const { templates, scope } = make('{}', {
    lookups: {
      lookup: (name, terms, options) => {
        calls.push([name, terms, plain(options)])
        return ['a', 'b']
      },
    },
  })
  assert.equal(templates.render("{{ lookup('file', 'x', rstrip=false) }}", scope), 'a,b')
  assert.deepEqual(templates.render("{{ q('ansible.builtin.file', 'x') }}", scope), ['a', 'b'])
  assert.deepEqual(templates.render("{{ lookup('file', 'x', wantlist=true) }}", scope), ['a', 'b'])
  assert.deepEqual(calls, [
    ['file', ['x'], { rstrip: false }],
    ['ansible.builtin.file', ['x'], {}],
    ['file', ['x'], {}],
  ])
})

test('Templates.render() takes the time from its clock', () => {
  const { templates, scope } = make('{}', { nowMs: () => 0 })
  assert.equal(templates.render("{{ now(utc=true, fmt='%Y-%m-%d') }}", scope), '1970-01-01')
})

test('Templates.yieldsText() tells a text that stays text', () => {
  const { templates } = make('{}')
  const scope: Scope = {
    resolve: () => '["a"]',
    isText: (name) => name === 'json',
  }
  assert.equal(templates.yieldsText('{{ x | to_json }}', scope), true)
  assert.equal(templates.yieldsText('{{ json }}', scope), true)
  assert.equal(templates.yieldsText('{{ other }}', scope), false)
  assert.equal(templates.yieldsText('{{ x | to_json }} ', scope), false)
  assert.equal(templates.render('{{ json }}', scope), '["a"]')
  assert.deepEqual(templates.render('{{ other }}', scope), ['a'])
})

test('dropOmitted() removes the entries that were omitted, at every depth', () => {
  const { templates, scope } = make('{}')
  const args = templates.render(
    newMap([
      ['mode', '{{ nope | default(omit) }}'],
      ['path', '/x'],
      ['list', ['a', newMap([['c', '{{ omit }}']])]],
      ['map', newMap([['b', '{{ omit }}']])],
    ]),
    scope,
  )
  assert.deepEqual(
    dropOmitted(args),
    newMap([
      ['path', '/x'],
      ['list', ['a', newMap()]],
      ['map', newMap()],
    ]),
  )
  assert.match(omitToken, /^__omit_place_holder__[\da-f]{40}$/u)
})
