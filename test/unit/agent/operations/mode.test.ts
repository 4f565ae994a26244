import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modeText, wantedMode } from '../../../../agent/operations/mode.ts'

/** mode now, wanted, mode then; directories are marked. As Ansible's own answers. */
const cases: readonly (readonly [number, unknown, number, 'directory'?])[] = [
  [0o600, '0644', 0o644],
  [0o600, '644', 0o644],
  [0o600, 0o644, 0o644],
  [0o600, '4755', 0o4755],
  [0o644, 'u+x', 0o744],
  [0o644, 'u+x,g=rw', 0o764],
  [0o644, '+x', 0o755],
  [0o644, 'a-r', 0o200],
  [0o600, 'u=rwX,go=rX', 0o644],
  [0o700, 'u=rwX,go=rX', 0o755, 'directory'],
  [0o600, 'u+rwX', 0o700, 'directory'],
  [0o711, 'u+rwX', 0o711],
  [0o750, 'o=g', 0o755],
  [0o755, 'u+s', 0o4755],
  [0o755, 'o+t', 0o1755],
  [0o777, 'go=', 0o700],
]

for (const [mode, wanted, expected, kind] of cases) {
  test(`wantedMode() of ${modeText(mode)} with ${String(wanted)}${kind ? `, a ${kind}` : ''}`, () => {
    const now = { mode, isDirectory: kind === 'directory', umask: 0o022 }
    assert.equal(modeText(wantedMode(wanted, now)), modeText(expected))
  })
}

test('wantedMode() refuses what is no mode in the words of Ansible', () => {
  assert.throws(() => wantedMode('zzz', { mode: 0, isDirectory: false, umask: 0 }), {
    message: 'mode must be in octal or symbolic form',
    details: { details: 'bad symbolic permission for mode: zzz' },
  })
})
