import { mapOf } from '../../../../proto/value.ts'
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { plain } from '../../../support/plain.ts'
import type { TestContext } from 'node:test'
import type { Playbook, Task } from '../../../../controller/playbook/playbook.ts'
import { loaderFor, tasksOf, writeTree } from '../vars/language-lab.ts'

function load(t: TestContext, text: string, more: Readonly<Record<string, string>> = {}): Playbook {
  const root = writeTree(t, { 'site.yml': text, ...more })
  return loaderFor().loadPlaybook(join(root, 'site.yml'))
}

function tasks(playbook: Pick<Playbook, 'plays'>): readonly Task[] {
  return playbook.plays.flatMap(tasksOf)
}

/** One task. */
function taskOf(t: TestContext, text: string): Task {
  const indented = text.replaceAll('\n', '\n      ')
  const [task] = tasks(load(t, `- hosts: all\n  tasks:\n    - ${indented}\n`))
  assert.ok(task)
  return task
}

test('loadPlaybook() reads a module straight in a play as a play of one task', (t) => {
  const { plays } = load(
    t,
    '- name: Watch\n  hosts: web\n  become: yes\n  command: /opt/watch\n  async: 360\n  poll: 0\n  register: r\n  when: x\n',
  )
  const [play] = plays
  const [task] = tasks({ plays })
  assert.ok(play && task)
  assert.equal(play.name, 'Watch')
  assert.deepEqual(plain(play.keywords), { become: true })
  assert.equal(task.name, 'Watch')
  assert.equal(task.module, 'command')
  assert.equal(task.args.freeForm, '/opt/watch')
  assert.deepEqual(plain(task.keywords), { async: 360, poll: 0, register: 'r', when: ['x'] })
  assert.deepEqual(task.place, play.place)
})

/** Ways to write one task's arguments, and what they come to. */
const forms: readonly (readonly [
  string,
  { module: string; freeForm?: string; map?: object; splat?: string },
])[] = [
  [
    'command: echo hi chdir=/tmp',
    { module: 'command', freeForm: 'echo hi', map: { chdir: '/tmp' } },
  ],
  [
    'command:\n  cmd: echo hi\n  chdir: /tmp',
    { module: 'command', map: { cmd: 'echo hi', chdir: '/tmp' } },
  ],
  [
    'command: echo hi\nargs:\n  chdir: /tmp',
    { module: 'command', freeForm: 'echo hi', map: { chdir: '/tmp' } },
  ],
  ['copy: src=a dest="b c"', { module: 'copy', map: { src: 'a', dest: 'b c' } }],
  ['copy: {src: a}\nargs: {src: b, dest: c}', { module: 'copy', map: { src: 'a', dest: 'c' } }],
  ['action: copy src=a dest=b', { module: 'copy', map: { src: 'a', dest: 'b' } }],
  ['action: {module: copy, src: a}', { module: 'copy', map: { src: 'a' } }],
  ['action: {module: copy src=a, dest: b}', { module: 'copy', map: { src: 'a', dest: 'b' } }],
  ['action: shell echo a=b', { module: 'shell', freeForm: 'echo a=b' }],
  ['copy:\nargs: "{{ all }}"', { module: 'copy', splat: '{{ all }}' }],
  ['copy: "{{ all }}"', { module: 'copy', splat: '{{ all }}' }],
  ['debug:', { module: 'debug' }],
  ['ansible.builtin.command: ls', { module: 'ansible.builtin.command', freeForm: 'ls' }],
  ['include_tasks: x.yml', { module: 'include_tasks', freeForm: 'x.yml' }],
  ['meta: flush_handlers', { module: 'meta', freeForm: 'flush_handlers' }],
]

for (const [text, { module, freeForm, map = {}, splat }] of forms) {
  test(`loadPlaybook() reads the task ${JSON.stringify(text)}`, (t) => {
    const task = taskOf(t, text)
    assert.equal(task.module, module)
    assert.deepEqual({ ...task.args, map: plain(task.args.map) }, { freeForm, map, splat })
  })
}

test('loadPlaybook() reads local_action as a delegation', (t) => {
  const task = taskOf(t, 'local_action: command ls\nwhen: a')
  assert.equal(task.args.freeForm, 'ls')
  assert.deepEqual(plain(task.keywords), { when: ['a'], delegate_to: 'localhost' })
})

test('loadPlaybook() reads loops', (t) => {
  assert.deepEqual(taskOf(t, 'debug:\nloop: "{{ x }}"').loop, {
    kind: 'loop',
    lookup: undefined,
    source: '{{ x }}',
  })
  assert.deepEqual(taskOf(t, 'debug:\nwith_items: [1, 2]').loop, {
    kind: 'with',
    lookup: 'items',
    source: [1, 2],
  })
})

test('loadPlaybook() makes lists of conditions, tags and notifications', (t) => {
  const { keywords } = taskOf(
    t,
    'debug:\nwhen: a\ntags: x,y\nnotify: h\nuntil: b\nfailed_when: false\nchanged_when: [c, d]',
  )
  assert.deepEqual(plain(keywords), {
    when: ['a'],
    tags: ['x,y'],
    notify: ['h'],
    until: ['b'],
    failed_when: [false],
    changed_when: ['c', 'd'],
  })
})

test('loadPlaybook() reads blocks with rescue and always, each below its parent', (t) => {
  const { plays } = load(
    t,
    '- hosts: all\n  tasks:\n    - name: b\n      when: w\n      block: [{debug: }]\n      rescue: [{debug: }, {debug: }]\n      always: [{debug: }]\n',
  )
  const block = plays[0]?.tasks[0]
  assert.ok(block?.kind === 'block')
  assert.deepEqual([block.block.length, block.rescue.length, block.always.length], [1, 2, 1])
  assert.equal(block.rescue[1]?.parent, block)
  assert.equal(block.parent, plays[0])
  assert.deepEqual(block.keywords.get('when'), ['w'])
})

test('loadPlaybook() gives the same ids each time, and different ones to each node', (t) => {
  const root = writeTree(t, {
    'site.yml':
      '- hosts: a\n  roles: [r, {role: r, x: 1}]\n  tasks:\n    - import_tasks: t.yml\n    - import_tasks: t.yml\n- import_playbook: more.yml\n- import_playbook: more.yml\n',
    'more.yml':
      '- hosts: b\n  pre_tasks: [{debug: }]\n  tasks: [{debug: }]\n  handlers: [{name: h, debug: }]\n',
    't.yml': '- debug:\n- block: [{debug: }, {debug: }]\n  rescue: [{debug: }]\n',
    'roles/r/tasks/main.yml': '- debug:\n',
    'roles/r/handlers/main.yml': '- name: rh\n  debug:\n',
  })
  const ids = () => tasks(loaderFor().loadPlaybook(join(root, 'site.yml'))).map(({ id }) => id)
  assert.deepEqual(ids(), ids())
  assert.equal(ids().length, 18)
  assert.equal(new Set(ids()).size, 18)
})

test('loadPlaybook() follows imports of playbooks and hands on when, tags and vars', (t) => {
  const { plays } = load(
    t,
    '- import_playbook: sub/more.yml\n  when: w\n  tags: [t]\n  vars: {v: outer, only: 1}\n',
    {
      'sub/more.yml':
        '- hosts: all\n  tags: own\n  vars: {v: inner}\n  tasks:\n    - import_tasks: t.yml\n',
      'sub/t.yml': '- debug:\n',
    },
  )
  const [play] = plays
  assert.ok(play)
  assert.deepEqual(play.keywords.get('when'), ['w'])
  assert.deepEqual(play.keywords.get('tags'), ['own', 't'])
  assert.deepEqual(plain(play.vars), { v: 'outer', only: 1 })
  assert.match(play.baseDir, /\/sub$/u)
  assert.equal(tasksOf(play).length, 1)
})

test('loadPlaybook() finds files of tasks beside the file that imports them, in the role, and in the playbook', (t) => {
  const playbook = load(
    t,
    '- hosts: all\n  roles: [r]\n  tasks:\n    - import_tasks: deep/one.yml\n',
    {
      'deep/one.yml': '- import_tasks: two.yml\n',
      'deep/two.yml': '- name: two\n  debug:\n',
      'roles/r/tasks/main.yml': '- import_tasks: part.yml\n',
      'roles/r/tasks/part.yml': '- name: part\n  debug:\n- import_tasks: shared.yml\n',
      'shared.yml': '- name: shared\n  debug:\n',
    },
  )
  assert.deepEqual(
    tasks(playbook).map(({ name }) => name),
    ['part', 'shared', 'two'],
  )
})

test('loadTaskFile() puts what is included into a block below the including task', (t) => {
  const root = writeTree(t, {
    'site.yml': '- hosts: all\n  tasks:\n    - name: inc\n      include_tasks: x.yml\n',
    'x.yml': '- name: inner\n  debug:\n',
  })
  const loader = loaderFor()
  const [task] = tasks(loader.loadPlaybook(join(root, 'site.yml')))
  assert.ok(task)
  const apply = mapOf({ tags: 'a', vars: mapOf({ v: 1 }) })
  const [block] = loader.loadTaskFile('x.yml', task, undefined, { apply, instance: '2' })
  assert.ok(block?.kind === 'block')
  assert.equal(block.parent, task)
  assert.equal(block.file, join(root, 'x.yml'))
  assert.deepEqual(plain(block.keywords), { tags: ['a'] })
  assert.deepEqual(plain(block.vars), { v: 1 })
  assert.equal(block.block[0]?.id, `${task.id}.2.i.0`)
  assert.throws(() => loader.loadTaskFile('gone.yml', task, undefined), {
    message: /there is no file of tasks "gone\.yml"/u,
  })
})

test('adhoc() makes a play of one task', () => {
  const { plays } = loaderFor().adhoc({
    pattern: 'web',
    module: 'shell',
    args: 'echo a=b',
    baseDir: '/',
  })
  const [task] = plays.flatMap(tasksOf)
  assert.equal(plays[0]?.hosts, 'web')
  assert.equal(task?.args.freeForm, 'echo a=b')
})

/** Mistakes in playbooks, and what is said of them. */
const mistakes: readonly (readonly [string, RegExp])[] = [
  ['- hosts: 5', /:1:10: Hosts list must be a sequence or string/u],
  ['- hosts: a\n  roles: one', /:1:3: A malformed role declaration/u],
  [
    '- hosts: a\n  tasks:\n    - rescue: []',
    /:3:7: 'rescue' keyword cannot be used without 'block'/u,
  ],
  ['- hosts: a\n  vars_prompt:\n    - name: x\n      ask: y', /:3:7: .*unsupported key 'ask'/u],
  [
    '- hots: all',
    /^[^:]+:1:3: unknown keyword "hots", did you mean "hosts"\?\n {2}- hots: all\n {4}\^$/u,
  ],
  ['- name: x', /1:3: the field 'hosts' is required but was not set/u],
  ['- name: x\n  debug:', /1:3: 'debug' is not a valid attribute for a Play/u],
  ['- hosts: a\n  name: [x]', /2:9: The field 'name' is supposed to be a string type, got a list/u],
  ['- hosts: []', /1:3: Hosts list cannot be empty\. Please check your playbook/u],
  ['- hosts: {a: 1}', /Hosts list must be a sequence or string/u],
  ['hosts: all', /1:1: a playbook is a list of plays, got a mapping/u],
  ['', /a playbook is a list of plays, got an empty file/u],
  ['- hosts: all\n  tasks: x', /2:10: expected a list of tasks, got "x"/u],
  ['- hosts: all\n  tasks: [debug]', /2:11: a task is a mapping, got "debug"/u],
  [
    '- hosts: all\n  tasks:\n    - comand: x',
    /3:7: unknown module "comand", did you mean "command"\?/u,
  ],
  [
    '- hosts: all\n  tasks:\n    - debug:\n      wen: x',
    /4:7: unknown keyword "wen", did you mean "when"\?/u,
  ],
  ['- hosts: all\n  tasks:\n    - name: x', /3:7: no module\/action detected in task/u],
  [
    '- hosts: all\n  tasks:\n    - debug:\n      command: x',
    /4:7: conflicting action statements: debug, command/u,
  ],
  [
    '- hosts: all\n  tasks:\n    - debug:\n      listen: x',
    /'listen' is not a valid attribute for a Task/u,
  ],
  [
    '- hosts: all\n  tasks:\n    - block: []\n      async: 3',
    /4:7: 'async' is not a valid attribute for a Block/u,
  ],
  [
    '- hosts: all\n  tasks:\n    - include_tasks: x\n      poll: 3',
    /'poll' is not a valid attribute for a TaskInclude/u,
  ],
  [
    '- hosts: all\n  tasks:\n    - include_role: {name: x}\n      async: 3',
    /'async' is not a valid attribute for a IncludeRole/u,
  ],
  [
    '- import_playbook: x.yml\n  async: 3',
    /'async' is not a valid attribute for a PlaybookInclude/u,
  ],
  ['- import_playbook: gone.yml', /1:20: there is no playbook .*gone\.yml/u],
  ['- import_playbook: site.yml', /imports itself/u],
  ['- hosts: all\n  tasks: [{import_tasks: gone.yml}]', /there is no file of tasks "gone\.yml"/u],
  [
    '- hosts: all\n  tasks: [{import_tasks: x.yml, loop: [1]}]',
    /You cannot use loops on 'import_tasks' statements/u,
  ],
  [
    '- hosts: all\n  tasks: [{import_role: {tasks_from: x}}]',
    /'name' is a required field for import_role/u,
  ],
  [
    '- hosts: all\n  tasks: [{import_role: {name: x, nme: y}}]',
    /Invalid options for import_role: nme/u,
  ],
  ['- hosts: all\n  roles: [gone]', /2:11: the role 'gone' was not found in .*\/roles:/u],
  ['- hosts: all\n  roles: [{nme: x}]', /role definitions must contain a role name/u],
  [
    '- hosts: all\n  tasks: [{debug: , register: a-b}]',
    /Invalid variable name in 'register' specified: "a-b"/u,
  ],
  [
    '- hosts: all\n  vars: {a b: 1}',
    /2:10: 'a b' is not a valid variable name in the vars of a Play/u,
  ],
  ['- hosts: all\n  vars: [x]', /vars is a mapping of names to values/u],
  ['- hosts: all\n  vars_prompt: [{prompt: x}]', /missing 'name' key/u],
  [
    '- hosts: all\n  tasks: [{debug: , loop: [1], with_items: [2]}]',
    /duplicate loop in task: with_items/u,
  ],
  ['- hosts: all\n  tasks: [{debug: , with_itms: [2]}]', /there is no lookup "itms"/u],
  ['- hosts: all\n  tasks: [{copy: just words}]', /the module copy takes key=value or a mapping/u],
  [
    '- hosts: all\n  tasks: [{debug: [1]}]',
    /the arguments of debug are text or a mapping, got a list/u,
  ],
  ['- hosts: all\n  tasks: [{shell: "echo \\"x"}]', /a quote or a template is not closed/u],
  ['- hosts: all\n  handlers: [{block: []}]', /a block cannot be a handler/u],
  [
    '- hosts: all\n  handlers: [{include_role: {name: x}}]',
    /Using 'include_role' as a handler is not supported/u,
  ],
  [
    '- hosts: all\n  tasks: [{include_role: {name: x, nme: y}}]',
    /Invalid options for include_role: nme/u,
  ],
  [
    '- hosts: all\n  tasks: [{include_tasks: {file: x, aply: {}}}]',
    /Invalid options for include_tasks: aply/u,
  ],
]

for (const [text, said] of mistakes) {
  test(`loadPlaybook() says what is wrong with ${JSON.stringify(text)}`, (t) => {
    // What names a file that is not there is no fault of syntax: ansible-playbook ends with 1, not with 4.
    const code = text.includes('gone') ? 'not_found' : 'syntax'
    assert.throws(() => load(t, text, { 'x.yml': '[]' }), { code, message: said })
  })
}

test('loadPlaybook() tells all mistakes of all files at once, from top to bottom', (t) => {
  const text = '- hosts: all\n  wen: x\n  tasks:\n    - import_tasks: t.yml\n    - shel: y\n'
  assert.throws(() => load(t, text, { 't.yml': '- dbug:\n' }), {
    message: /site\.yml:2:3: [^]*site\.yml:5:7: [^]*t\.yml:1:3: /u,
  })
})

test('loadPlaybook() says that the file is not there', () => {
  assert.throws(() => loaderFor().loadPlaybook('/nowhere/site.yml'), {
    code: 'not_found',
    message: 'the playbook: /nowhere/site.yml could not be found',
  })
})

test('loadPlaybook() finds short names of modules in collections around a task before others', (t) => {
  const root = writeTree(t, {
    'site.yml':
      '- hosts: all\n  collections: [ns.two, ns.one]\n  tasks:\n    - own:\n    - debug:\n',
    'ansible_collections/ns/one/playbooks/site.yml':
      '- hosts: all\n  roles: [r]\n  tasks:\n    - block:\n        - own:\n',
    'ansible_collections/ns/one/roles/r/tasks/main.yml': '- action: own\n',
  })
  const loader = loaderFor(undefined, {
    collectionsPath: [root],
    modules: ['ns.one.own', 'ns.two.own', 'ns.two.debug'],
  })
  const [play] = loader.loadPlaybook(join(root, 'site.yml')).plays
  assert.ok(play)
  assert.deepEqual(
    tasksOf(play).map(({ module, fullName }) => [module, fullName]),
    [
      ['own', 'ns.two.own'],
      ['debug', 'ns.two.debug'],
    ],
  )
  const inside = join(root, 'ansible_collections/ns/one/playbooks/site.yml')
  const [within] = loader.loadPlaybook(inside).plays
  assert.ok(within)
  assert.deepEqual(
    tasksOf(within).map((task) => task.fullName),
    ['ns.one.own', 'ns.one.own'],
  )
})
