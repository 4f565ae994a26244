import { execFile } from 'node:child_process'
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseJson } from '../../proto/json-text.ts'
import { isList, isMap, type ValueMap } from '../../proto/value.ts'

/** An ansible-core that is installed on the controller's machine. */
export interface AnsibleCore {
  /** The Python that can import it. */
  readonly python: string
  readonly version: string
  /** The folder of its modules. */
  readonly modules: string
  /** Where that Python finds `ansible_collections`: folders that hold one. */
  readonly collections: readonly string[]
}

const question = `
import json, os, sys
import ansible, ansible.release
print(json.dumps({
    'version': ansible.release.__version__,
    'modules': os.path.join(os.path.dirname(ansible.__file__), 'modules'),
    'collections': [p for p in sys.path if os.path.isdir(os.path.join(p, 'ansible_collections'))],
}))
`

/** Finds it through the `ansible-playbook` on the PATH, or the system's Python; undefined when there is none. */
export async function findAnsibleCore(
  path: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<AnsibleCore | undefined> {
  for (const python of new Set([...interpreterOf(path), 'python3', '/usr/bin/python3'])) {
    const found = await ask(python, { path, signal })
    if (found) return found
  }
  return undefined
}

/** The Python that the first line of `ansible-playbook` names. */
function interpreterOf(path: string): readonly string[] {
  for (const folder of path.split(':')) {
    const line = firstLine(join(folder, 'ansible-playbook'))
    const named = /^#!\s*(\/\S*python[\d.]*)\s*$/u.exec(line)?.[1]
    if (named !== undefined) return [named]
  }
  return []
}

function firstLine(file: string): string {
  const start = Buffer.alloc(256)
  try {
    const opened = openSync(file, 'r')
    try {
      const bytes = readSync(opened, start)
      return start.subarray(0, bytes).toString('utf8').split('\n')[0] ?? ''
    } finally {
      closeSync(opened)
    }
  } catch {
    return '' // no such program there
  }
}

async function ask(
  python: string,
  { path, signal }: { readonly path: string; readonly signal: AbortSignal },
): Promise<AnsibleCore | undefined> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', question], {
      env: { PATH: path },
      timeout: 20_000,
      signal,
    })
    const answer = parseJson(stdout)
    return isMap(answer) ? coreOf(python, answer) : undefined
  } catch (error) {
    if (signal.aborted) throw error
    return undefined // no such Python, or one without ansible-core
  }
}

function coreOf(python: string, answer: ValueMap): AnsibleCore | undefined {
  const version = answer.get('version')
  const modules = answer.get('modules')
  const collections = answer.get('collections')
  if (typeof version !== 'string' || typeof modules !== 'string') return undefined
  const folders = isList(collections) ? collections : []
  return {
    python,
    version,
    modules,
    collections: folders.filter((one) => typeof one === 'string'),
  }
}
