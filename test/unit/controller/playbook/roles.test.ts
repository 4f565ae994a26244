import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { plain } from '../../../support/plain.ts'
import type { TestContext } from 'node:test'
import { loaderFor, tasksOf, writeTree } from '../vars/language-lab.ts'

function rolesOf(t: TestContext, roles: string, tree: Readonly<Record<string, string>>) {
  const root = writeTree(t, { 'pb/site.yml': `- hosts: all\n  roles: ${roles}\n`, ...tree })
  const loader = loaderFor(undefined, {
    rolesPath: [join(root, 'path')],
    collectionsPath: [join(root, 'coll')],
  })
  const [play] = loader.loadPlaybook(join(root, 'pb/site.yml')).plays
  assert.ok(play)
  return play
}

test('loadPlaybook() reads the folders of a role in each of their forms', (t) => {
  const [use] = rolesOf(t, '[r]', {
    'pb/roles/r/tasks/main.yaml': '- name: t\n  debug:\n',
    'pb/roles/r/handlers/main.yml': '- name: h\n  debug:\n  listen: l\n',
    'pb/roles/r/defaults/main/10.yml': 'a: 1\nb: 1\n',
    'pb/roles/r/defaults/main/20.yml': 'b: 2\n',
    'pb/roles/r/vars/main': 'c: 3\n',
    'pb/roles/r/meta/main.yml': 'allow_duplicates: true\n',
  }).roles
  assert.ok(use)
  assert.deepEqual(plain(use.role.defaults), { a: 1, b: 2 })
  assert.deepEqual(plain(use.role.vars), { c: 3 })
  assert.equal(use.allowDuplicates, true)
  assert.equal(use.tasks.length, 1)
  assert.deepEqual(use.handlers[0]?.keywords.get('listen'), ['l'])
  assert.equal(use.handlers[0]?.kind === 'task' && use.handlers[0].isHandler, true)
})

test('loadPlaybook() takes what is no keyword of a role for its parameters', (t) => {
  const [use] = rolesOf(t, '[{role: r, x: 1, when: w, tags: [t], vars: {v: 1}, become: yes}]', {
    'pb/roles/r/tasks/main.yml': '[]\n',
  }).roles
  assert.ok(use)
  assert.deepEqual(plain(use.params), { x: 1 })
  assert.deepEqual(plain(use.keywords), { when: ['w'], tags: ['t'], become: true })
  assert.deepEqual(plain(use.vars), { v: 1 })
})

test('loadPlaybook() searches roles beside the playbook, on the path, and as a path', (t) => {
  const tree = {
    'pb/roles/near/tasks/main.yml': '[]\n',
    'path/far/tasks/main.yml': '[]\n',
    'shared/other/tasks/main.yml': '[]\n',
    'coll/ansible_collections/ns/c/roles/full/tasks/main.yml': '- include_role: {name: sib}\n',
  }
  const { roles } = rolesOf(t, '[near, far, ../shared/other, ns.c.full]', tree)
  assert.deepEqual(
    roles.map(({ role }) => role.fullName),
    ['near', 'far', 'other', 'ns.c.full'],
  )
  assert.equal(roles[3]?.role.collection, 'ns.c')
})

test('loadPlaybook() puts dependencies before the role, with their parameters', (t) => {
  const [use] = rolesOf(t, '[a]', {
    'pb/roles/a/meta/main.yml': 'dependencies:\n  - b\n  - {role: c, x: 1, when: w}\n',
    'pb/roles/a/tasks/main.yml': '- name: a\n  debug:\n',
    'pb/roles/b/tasks/main.yml': '- name: b\n  debug:\n',
    'pb/roles/c/tasks/main.yml': '- name: c\n  debug:\n',
  }).roles
  assert.deepEqual(
    use?.dependencies.map(({ role, params }) => [role.name, plain(params)]),
    [
      ['b', {}],
      ['c', { x: 1 }],
    ],
  )
})

test('loadPlaybook() notices roles that depend on themselves', (t) => {
  const tree = {
    'pb/roles/a/meta/main.yml': 'dependencies: [b]\n',
    'pb/roles/b/meta/main.yml': 'dependencies: [a]\n',
  }
  assert.throws(() => rolesOf(t, '[a]', tree), { code: 'not_found', message: /depends on itself/u })
})

test('loadPlaybook() tells two uses of a role apart by their parameters', (t) => {
  const { roles } = rolesOf(t, '[r, r, {role: r, x: 1}, {role: r, tags: t}, {role: r, x: 1}]', {
    'pb/roles/r/tasks/main.yml': '[]\n',
  })
  const ids = roles.map(({ identity }) => identity)
  assert.equal(ids[0], ids[1])
  assert.equal(ids[2], ids[4])
  assert.equal(new Set(ids).size, 3)
})

test('loadPlaybook() checks arguments where a role has a specification', (t) => {
  const play = rolesOf(t, '[{role: r, size: 80}]', {
    'pb/roles/r/meta/argument_specs.yml':
      'argument_specs:\n  main:\n    short_description: web\n    options: {size: {type: int}}\n',
    'pb/roles/r/tasks/main.yml': '- name: own\n  debug:\n',
  })
  const [check, own] = tasksOf(play)
  assert.ok(check && own)
  assert.equal(check.name, "Validating arguments against arg spec 'main' - web")
  assert.equal(check.module, 'ansible.builtin.validate_argument_spec')
  assert.deepEqual(plain(check.args.map.get('provided_arguments')), { size: 80 })
  assert.deepEqual(check.keywords.get('tags'), ['always'])
  assert.equal(own.name, 'own')
})

test('import_role takes the files it names, and stands where it was written', (t) => {
  const root = writeTree(t, {
    'site.yml':
      '- hosts: all\n  tasks:\n    - when: w\n      block:\n        - name: imp\n          import_role: {name: r, tasks_from: extra, vars_from: v2.yml}\n          tags: t\n',
    'roles/r/tasks/extra.yml': '- name: extra\n  debug:\n',
    'roles/r/tasks/main.yml': '- name: main\n  debug:\n',
    'roles/r/vars/v2.yml': 'v: 2\n',
  })
  const [play] = loaderFor().loadPlaybook(join(root, 'site.yml')).plays
  assert.ok(play)
  const block = play.tasks[0]
  assert.ok(block?.kind === 'block')
  const use = block.block[0]
  assert.ok(use?.kind === 'role')
  assert.equal(use.parent, block)
  assert.deepEqual(plain(use.role.vars), { v: 2 })
  assert.deepEqual(use.keywords.get('tags'), ['t'])
  assert.deepEqual(
    tasksOf(play).map(({ name }) => name),
    ['extra'],
  )
})

test('loadRole() says that a file of the role is not there', (t) => {
  const root = writeTree(t, {
    'site.yml': '- hosts: all\n  tasks:\n    - include_role: {name: r}\n',
    'roles/r/tasks/main.yml': '- name: main\n  debug:\n',
  })
  const loader = loaderFor()
  const [play] = loader.loadPlaybook(join(root, 'site.yml')).plays
  const task = play?.tasks[0]
  assert.ok(task?.kind === 'task')
  assert.equal(loader.loadRole('r', task).tasks.length, 1)
  assert.equal(loader.loadRole('r', task, { isPublic: true }).isPublic, true)
  assert.throws(() => loader.loadRole('r', task, { tasksFrom: 'gone' }), {
    code: 'syntax',
    message: /there is no tasks file "gone" in the role at .*roles\/r/u,
  })
})
