import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mapOf, newMap } from '../../../../proto/value.ts'
import { Undefined } from '../../../../controller/template/scope.ts'
import { makeLab } from './language-lab.ts'

const oneTask = '- hosts: all\n  tasks:\n    - name: t\n      debug: {}\n'

test('Variables render a source when it is read, through and through', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h port=80',
    'group_vars/all.yml':
      'url: "http://{{ inventory_hostname }}:{{ port }}"\nall_urls: ["{{ url }}/a", {b: "{{ url }}/b"}]\n',
    'site.yml': oneTask,
  })
  assert.equal(lab.value('url', { host: 'h' }), 'http://h:80')
  assert.deepEqual(lab.value('all_urls[1].b', { host: 'h' }), 'http://h:80/b')
})

test('Variables never render data', async (t) => {
  const lab = await makeLab(
    t,
    { hosts: 'h', 'site.yml': oneTask },
    {
      known: {
        h: {
          facts: mapOf({ ansible_motd: '{{ 1 + 1 }}' }),
          hasGathered: false,
          set: mapOf({ registered: newMap([['stdout', '{{ 2 + 2 }}']]) }),
          included: mapOf({ fromFile: '{{ 3 + 3 }}' }),
        },
      },
    },
  )
  assert.equal(lab.value('ansible_motd', { host: 'h' }), '{{ 1 + 1 }}')
  assert.equal(lab.value('ansible_facts.motd', { host: 'h' }), '{{ 1 + 1 }}')
  assert.equal(lab.value('registered.stdout', { host: 'h' }), '{{ 2 + 2 }}')
  assert.equal(lab.value('fromFile', { host: 'h' }), '6')
})

test('Variables leave !unsafe as it is', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h',
    'host_vars/h.yml': 'raw: !unsafe "a {{ b }} \'c\' \\"d\\" {% e %}"\n',
    'site.yml': oneTask,
  })
  assert.equal(lab.value('raw', { host: 'h' }), 'a {{ b }} \'c\' "d" {% e %}')
})

test('Variables name a circle', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h',
    'host_vars/h.yml': 'a: "{{ b }}"\nb: "{{ a }}"\n',
    'site.yml': oneTask,
  })
  assert.throws(() => lab.value('a', { host: 'h' }), {
    code: 'invalid',
    message: /recursive loop detected in template string: \{\{ [ab] \}\}/u,
  })
})

test('Variables say which name is undefined, and default() helps', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h',
    'host_vars/h.yml': 'a: "{{ nowhere }}"\n',
    'site.yml': oneTask,
  })
  const [play] = lab.plays
  assert.ok(play)
  const value = lab.variables.scope({ host: 'h', play }).resolve('a')
  assert.ok(value instanceof Undefined)
  assert.match(value.hint, /'nowhere' is undefined/u)
  assert.equal(lab.value("a | default('x')", { host: 'h' }), 'x')
})

test('hostvars render in the context of their own host, without the play', async (t) => {
  const lab = await makeLab(
    t,
    {
      hosts: '[web]\na ip=1\nb ip=2\n',
      'group_vars/web.yml': 'me: "{{ inventory_hostname }} at {{ ip }}"\n',
      'site.yml': '- hosts: all\n  vars: {ip: play}\n  tasks: []\n',
    },
    {
      known: {
        b: {
          facts: mapOf({ ansible_os_family: 'Debian' }),
          hasGathered: false,
          set: newMap(),
          included: newMap(),
        },
      },
    },
  )
  assert.equal(lab.value('me', { host: 'a' }), 'a at play')
  assert.equal(lab.value("hostvars['b'].me", { host: 'a' }), 'b at 2')
  assert.equal(lab.value('hostvars.b.ansible_os_family', { host: 'a' }), 'Debian')
  assert.equal(lab.value("'c' in hostvars", { host: 'a' }), false)
  assert.deepEqual(lab.value('hostvars | list', { host: 'a' }), ['a', 'b', 'localhost'])
  assert.deepEqual(lab.value("groups.web | map('extract', hostvars, 'me') | list", { host: 'a' }), [
    'a at 1',
    'b at 2',
  ])
})

test('magic variables win over extra vars, and extra vars over the rest', async (t) => {
  const lab = await makeLab(
    t,
    { hosts: 'h x=1', 'site.yml': oneTask },
    {
      extraVars: newMap([
        ['inventory_hostname', 'no'],
        ['x', '2'],
      ]),
    },
  )
  assert.equal(lab.value('inventory_hostname', { host: 'h' }), 'h')
  assert.equal(lab.value('x', { host: 'h' }), '2')
})

test('magic variables tell of inventory, play and role', async (t) => {
  const lab = await makeLab(t, {
    hosts: '[web]\nw1.example.com\n[db]\nd1\n[site:children]\nweb\ndb\n',
    'site.yml': '- name: P\n  hosts: all\n  roles: [r]\n',
    'roles/r/tasks/main.yml': '- name: t\n  debug: {}\n',
    'roles/r/meta/main.yml': 'dependencies: [d]\n',
    'roles/d/tasks/main.yml': '[]\n',
  })
  const at = { host: 'w1.example.com', task: 't' }
  assert.equal(lab.value('inventory_hostname_short', at), 'w1')
  assert.deepEqual(lab.value('group_names', at), ['site', 'web'])
  assert.deepEqual(lab.value('groups.site', at), ['w1.example.com', 'd1'])
  assert.equal(lab.value('inventory_dir', at), lab.root)
  assert.equal(lab.value('playbook_dir', at), lab.root)
  assert.equal(lab.value('role_name', at), 'r')
  assert.equal(lab.value('role_path', at), `${lab.root}/roles/r`)
  assert.equal(lab.value('ansible_play_name', at), 'P')
  assert.deepEqual(lab.value('ansible_play_role_names', at), ['r'])
  assert.deepEqual(lab.value('ansible_dependent_role_names', at), ['d'])
  assert.equal(lab.value('ansible_check_mode', at), false)
  assert.equal(lab.value("vars['playbook_dir']", at), lab.root)
  assert.equal(lab.value('ansible_version.major', at), 2)
})

test('tasks in a role see its defaults above those of other roles', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h',
    'site.yml': '- hosts: all\n  roles: [a, b]\n',
    'roles/a/defaults/main.yml': 'd: a\nonly_a: 1\n',
    'roles/a/tasks/main.yml': '- name: in a\n  debug: {}\n',
    'roles/b/defaults/main.yml': 'd: b\n',
    'roles/b/tasks/main.yml': '- name: in b\n  debug: {}\n',
  })
  assert.equal(lab.value('d', { host: 'h', task: 'in a' }), 'a')
  assert.equal(lab.value('d', { host: 'h', task: 'in b' }), 'b')
  assert.equal(lab.value('only_a', { host: 'h', task: 'in b' }), 1)
})

test('vars_files take the first file that is there, and wait for facts', async (t) => {
  const tree = {
    hosts: 'h',
    'site.yml':
      '- hosts: all\n  vars_files:\n    - ["{{ ansible_os_family }}.yml", "other.yml"]\n    - vars-dir.yml\n  tasks: []\n',
    'Debian.yml': 'family: "deb {{ inventory_hostname }}"\n',
    'other.yml': 'family: other\n',
    'vars/vars-dir.yml': 'more: 1\n',
  }
  const before = await makeLab(t, tree)
  assert.equal(before.value("family | default('none')", { host: 'h' }), 'none')
  assert.equal(before.value('more', { host: 'h' }), 1)
  const known = {
    h: {
      facts: mapOf({ ansible_os_family: 'Debian' }),
      hasGathered: false,
      set: newMap(),
      included: newMap(),
    },
  }
  const after = await makeLab(t, tree, { known })
  assert.equal(after.value('family', { host: 'h' }), 'deb h')
})

test('vars_files that are nowhere are an error', async (t) => {
  const lab = await makeLab(t, {
    hosts: 'h',
    'site.yml': '- hosts: all\n  vars_files: [gone.yml]\n  tasks: []\n',
  })
  assert.throws(() => lab.value('anything', { host: 'h' }), {
    code: 'not_found',
    message: 'vars file gone.yml was not found',
  })
})

test('dicts are replaced, or merged when hash_behaviour says so', async (t) => {
  const tree = {
    hosts: '[g]\nh\n',
    'group_vars/all.yml': 'd: {a: 1, in: {x: 1}}\n',
    'group_vars/g.yml': 'd: {b: 2, in: {y: "{{ 1 + 1 }}"}}\n',
    'site.yml': oneTask,
  }
  const replacing = await makeLab(t, tree)
  assert.deepEqual(replacing.value('d | list', { host: 'h' }), ['b', 'in'])
  const merging = await makeLab(t, tree, { hashBehaviour: 'merge' })
  assert.deepEqual(
    merging.value('d | to_json(sort_keys=true)', { host: 'h' }),
    '{"a": 1, "b": 2, "in": {"x": 1, "y": "2"}}',
  )
})

test('merged dicts are what is set and what a run found out, each rendered as its kind is', async (t) => {
  const tree = {
    hosts: 'h\n',
    'site.yml':
      '- hosts: all\n  vars: {d: {a: "{{ 1 + 1 }}", in: {x: 1}}}\n  tasks: [{name: t, debug: {}}]\n',
  }
  const set = mapOf({ d: mapOf({ b: '{{ as data }}', in: mapOf({ y: 2 }) }) })
  const known = { h: { facts: newMap(), hasGathered: false, set, included: newMap() } }
  const merging = await makeLab(t, tree, { hashBehaviour: 'merge', known })
  assert.deepEqual(
    merging.value('d | to_json(sort_keys=true)', { host: 'h', task: 't' }),
    '{"a": "2", "b": "{{ as data }}", "in": {"x": 1, "y": 2}}',
  )
})

test('the implicit localhost has the variables of group all and a local connection', async (t) => {
  const lab = await makeLab(t, { hosts: 'h\n[all:vars]\nx=1\n', 'site.yml': oneTask })
  assert.equal(lab.value('ansible_connection', { host: 'localhost' }), 'local')
  assert.equal(lab.value('x', { host: 'localhost' }), 1)
  assert.deepEqual(lab.value('group_names', { host: 'localhost' }), [])
  assert.equal(lab.value('inventory_file is defined', { host: 'localhost' }), false)
})
