import assert from 'node:assert/strict'
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { ModuleFinder } from '../../../../controller/packer/module-finder.ts'

function finderOf(root: string, files: readonly string[]): ModuleFinder {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), '')
  }
  const places = {
    folders: [join(root, 'library'), join(root, 'roles/r/library')],
    moduleUtils: [],
    collections: [join(root, 'collections')],
    path: '',
    home: '/',
  }
  const core = {
    python: 'python3',
    version: '2.14.18',
    modules: join(root, 'core'),
    collections: [join(root, 'site')],
  }
  return new ModuleFinder({ places, core })
}

test('find() takes the one beside the playbook before that of ansible-core', () => {
  using root = mkdtempDisposableSync(join(tmpdir(), 'errand-finder-'))
  const finder = finderOf(root.path, ['library/apt.sh', 'core/apt.py', 'core/user.py'])
  assert.equal(finder.find('apt')?.file, join(root.path, 'library/apt.sh'))
  assert.equal(finder.find('ansible.builtin.apt')?.file, join(root.path, 'core/apt.py'))
  assert.equal(finder.find('ansible.legacy.apt')?.file, join(root.path, 'library/apt.sh'))
  assert.deepEqual(finder.find('user'), {
    name: 'ansible.modules.user',
    file: join(root.path, 'core/user.py'),
  })
})

test('find() knows modules of collections by their full name, folders below included', () => {
  using root = mkdtempDisposableSync(join(tmpdir(), 'errand-finder-'))
  const own = 'collections/ansible_collections/my/own/plugins/modules'
  const site = 'site/ansible_collections/ansible/posix/plugins/modules'
  const finder = finderOf(root.path, [`${own}/deep/one.py`, `${site}/mount.py`])
  assert.equal(finder.find('ansible.posix.mount')?.file, join(root.path, site, 'mount.py'))
  assert.equal(
    finder.find('my.own.deep.one')?.name,
    'ansible_collections.my.own.plugins.modules.deep.one',
  )
  assert.equal(finder.find('my.own.one'), undefined)
})

test('find() finds no module under a name that leads elsewhere, nor in files that are none', () => {
  using root = mkdtempDisposableSync(join(tmpdir(), 'errand-finder-'))
  const finder = finderOf(root.path, ['library/notes.md', 'library/x.pyc', 'core/y.py'])
  for (const name of ['../core/y', 'notes', 'x', '', 'a..b', 'async_wrapper']) {
    assert.equal(finder.find(name), undefined)
  }
})

test('find() follows the names that ansible-core and collections hand on', () => {
  using root = mkdtempDisposableSync(join(tmpdir(), 'errand-finder-'))
  const own = 'collections/ansible_collections/my/own'
  const finder = finderOf(root.path, [
    'config/ansible_builtin_runtime.yml',
    `${own}/meta/runtime.yml`,
    `${own}/plugins/modules/new_name.py`,
    `${own}/plugins/modules/one.py`,
  ])
  const route = (module: string, to: string) =>
    `    ${module}:\n      deprecation:\n        warning_text: gone\n      redirect: ${to} # moved\n`
  writeFileSync(
    join(root.path, 'config/ansible_builtin_runtime.yml'),
    `plugin_routing:\n  lookup:\n${route('one', 'my.own.one')}  modules:\n${route('short', 'my.own.old_name')}`,
  )
  writeFileSync(
    join(root.path, own, 'meta/runtime.yml'),
    `---\nplugin_routing:\n  modules:\n${route('old_name', 'my.own.new_name')}${route('a', 'my.own.b')}${route('b', 'my.own.a')}`,
  )
  const file = join(root.path, own, 'plugins/modules/new_name.py')
  for (const name of ['short', 'ansible.builtin.short', 'my.own.old_name']) {
    assert.equal(finder.find(name)?.file, file, name)
  }
  assert.equal(finder.find('one'), undefined)
  assert.equal(finder.find('my.own.a'), undefined)
})
