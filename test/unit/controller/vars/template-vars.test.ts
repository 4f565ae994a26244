import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { templateVars } from '../../../../controller/vars/template-vars.ts'

test('templateVars() fills names and the time of the last change into ansible_managed', (t) => {
  const vars = templateVars({ ...file(t), managed: '{file} of {uid} on {host} %Y-%m-%d' })
  const expected = `conf.j2 of ${userInfo().username} on ${hostname()} 2020-03-04`
  assert.equal(vars.get('ansible_managed'), expected)
})

test('templateVars() says where the file is, as the play names it and in full', (t) => {
  const about = file(t)
  const vars = templateVars({ ...about, managed: 'Ansible managed' })
  assert.equal(vars.get('ansible_managed'), 'Ansible managed')
  assert.equal(vars.get('template_path'), 'conf.j2')
  assert.equal(vars.get('template_fullpath'), about.path)
  assert.equal(vars.get('template_destpath'), null)
})

/** A template that was last changed at noon of 4 March 2020. */
function file(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'template-vars-'))
  t.after(() => {
    rmSync(folder, { recursive: true })
  })
  const path = join(folder, 'conf.j2')
  writeFileSync(path, '')
  const changed = new Date(2020, 2, 4, 12)
  utimesSync(path, changed, changed)
  return { name: 'conf.j2', path, dest: undefined, nowMs: 0 }
}
