import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { controllerFiles } from '../../../../controller/run/controller-files.ts'
import { Undefined } from '../../../../controller/template/scope.ts'
import { Templates } from '../../../../controller/template/templates.ts'

test('controllerFiles() answers file tests and path filters', (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'files-')))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'sub'))
  writeFileSync(join(folder, 'b.conf'), '')
  writeFileSync(join(folder, 'a.conf'), '')
  symlinkSync('a.conf', join(folder, 'link'))
  symlinkSync('nowhere', join(folder, 'broken'))
  const files = controllerFiles({
    workingFolder: folder,
    environment: { HOME: '/home/me', X: 'y' },
  })
  const templates = new Templates({ lookups: { lookup: () => [] }, files })
  const scope = { resolve: (name: string) => new Undefined(`'${name}' is undefined`) }
  const cases: [string, unknown][] = [
    ["'a.conf' is file", true],
    ["'sub' is directory", true],
    ["'sub' is file", false],
    ["'none' is exists", false],
    ["'link' is link", true],
    ["'link' is exists", true],
    ["'broken' is exists", false],
    ["'broken' is link_exists", true],
    ["'link' is same_file('a.conf')", true],
    ["'sub' is mount", false],
    ["'/' is mount", true],
    ["'*.conf' | fileglob", ['a.conf', 'b.conf']],
    ["'link' | realpath", join(folder, 'a.conf')],
    ["'sub/none/x' | realpath", join(folder, 'sub', 'none', 'x')],
    ["'~/x' | expanduser", '/home/me/x'],
    ["'~root/x' | expanduser", '/root/x'],
    ["'$X/${X}/$Z' | expandvars", 'y/y/$Z'],
    ["'sub/x' | relpath", 'sub/x'],
  ]
  for (const [expression, wanted] of cases) {
    assert.deepEqual(templates.render(`{{ ${expression} }}`, scope), wanted, expression)
  }
})
