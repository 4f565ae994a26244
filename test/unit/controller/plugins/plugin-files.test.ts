import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { PluginFiles } from '../../../../controller/plugins/plugin-files.ts'
import { writeTree } from '../vars/language-lab.ts'

function filesOf(t: TestContext, tree: Readonly<Record<string, string>>) {
  const root = writeTree(t, tree)
  const configured = { filter: [join(root, 'conf/filter')], test: [], lookup: [] }
  const core = {
    python: 'python3',
    version: '2.14.18',
    modules: join(root, 'core/modules'),
    collections: [join(root, 'site')],
  }
  const collections = [join(root, 'collections')]
  return { root, files: new PluginFiles({ configured, collections, core }) }
}

test('add() says which folders are new, and files() has them before those of the configuration', (t) => {
  const { root, files } = filesOf(t, {
    'filter_plugins/b.py': '',
    'filter_plugins/a.py': '',
    'filter_plugins/notes.txt': '',
    'roles/r/filter_plugins/c.py': '',
    'conf/filter/d.py': '',
    'conf/filter/deep/er/e.py': '',
  })
  assert.deepEqual(files.add(root), {
    filter: [join(root, 'filter_plugins')],
    test: [],
    lookup: [],
  })
  assert.equal(files.add(root), undefined)
  assert.equal(files.add(join(root, 'roles')), undefined)
  files.add(join(root, 'roles/r'))
  const names = files.files('filter').map((file) => file.slice(root.length + 1))
  assert.deepEqual(names, [
    'filter_plugins/a.py',
    'filter_plugins/b.py',
    'roles/r/filter_plugins/c.py',
    'conf/filter/deep/er/e.py',
    'conf/filter/d.py',
  ])
})

test('mentions() tells from the text whether a file may define a name', (t) => {
  const { root, files } = filesOf(t, { 'filter_plugins/a.py': "return {'upper': up}" })
  assert.equal(files.mentions('filter', 'upper'), false)
  files.add(root)
  assert.equal(files.mentions('filter', 'upper'), true)
  assert.equal(files.mentions('filter', 'lower'), false)
  assert.equal(files.mentions('test', 'upper'), false)
})

test('hasLookup() knows those of the user, of ansible-core and of collections, and what they are redirected to', (t) => {
  const route = (name: string, to: string) =>
    `plugin_routing:\n  lookup:\n    ${name}:\n      redirect: ${to}\n`
  const { root, files } = filesOf(t, {
    'lookup_plugins/mine.py': '',
    'core/plugins/lookup/csvfile.py': '',
    'core/config/ansible_builtin_runtime.yml': route('moved', 'my.own.found'),
    'collections/ansible_collections/my/own/plugins/lookup/found.py': '',
    'collections/ansible_collections/my/own/plugins/lookup/deep/one.py': '',
    'site/ansible_collections/other/one/meta/runtime.yml': route('lost', 'my.own.found'),
  })
  files.add(root)
  const known = ['mine', 'ansible.legacy.mine', 'csvfile', 'ansible.builtin.csvfile', 'moved']
  const full = ['my.own.found', 'my.own.deep.one', 'other.one.lost']
  for (const name of [...known, ...full]) assert.equal(files.hasLookup(name), true, name)
  for (const name of ['nobodys', 'ansible.builtin.mine', 'my.own.nothing', 'no.such.one', 'my.own'])
    assert.equal(files.hasLookup(name), false, name)
  assert.equal(files.ownLookup('mine'), join(root, 'lookup_plugins/mine.py'))
})
