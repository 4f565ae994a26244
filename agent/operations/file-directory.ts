import { mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setAttributes, type AttributeChange } from './attributes.ts'
import type { FileRequest } from './file-request.ts'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap } from './operation.ts'
import { stateOf } from './path-info.ts'
import { pythonError } from './python-error.ts'

/** state=directory: made with its parents; with `recurse`, everything below gets the attributes. */
export async function makeDirectory(request: FileRequest): Promise<JsonMap> {
  const { path, previous, check } = request
  if (previous !== 'absent' && previous !== 'directory') {
    throw new CannotDo(`${path} already exists as a ${previous}`)
  }
  const isNew = previous === 'absent'
  const states = isNew ? [{ state: 'absent' }, { state: 'directory' }] : [{}, {}]
  if (isNew && check) return { path, changed: true, diff: diffOf(path, states) }
  const change = isNew
    ? await makeAll(request)
    : await setAttributes(path, request.attributes, request)
  let { changed } = change
  if (request.recurse) changed = (await setBelow(path, request)) || changed
  const diff = diffOf(path, [
    { ...states[0], ...change.before },
    { ...states[1], ...change.after },
  ])
  return { path, changed: changed || isNew, diff }
}

function diffOf(path: string, [before, after]: readonly JsonMap[]): JsonMap {
  return { before: { path, ...before }, after: { path, ...after } }
}

/** Parents that have to be made get the attributes too, as Ansible does. */
async function makeAll({ path, attributes }: FileRequest): Promise<AttributeChange> {
  const missing: string[] = []
  let change: AttributeChange = { changed: false, before: {}, after: {} }
  for (let at = path; stateOf(at) === 'absent'; at = dirname(at)) missing.unshift(at)
  for (const folder of missing) {
    try {
      mkdirSync(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      const why = pythonError(error)
      throw new CannotDo(`There was an issue creating ${folder} as requested: ${why}`, { path })
    }
    change = await setAttributes(folder, attributes, { check: false })
  }
  return change
}

async function setBelow(path: string, request: FileRequest): Promise<boolean> {
  let changed = false
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const whole = join(path, entry.name)
    const change = await setAttributes(whole, request.attributes, request)
    const below = entry.isDirectory() && (await setBelow(whole, request))
    changed = changed || change.changed || below
  }
  return changed
}
