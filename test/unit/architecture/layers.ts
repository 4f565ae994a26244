import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** A folder, and what the files in it may import beside their own folder. The first row that fits a file counts. */
export interface Layer {
  readonly folder: string
  readonly mayImport: readonly string[]
}

/** ARCHITECTURE.md draws this. Data goes one way: text, playbook, task, job, event, record, whoever watches. */
export const layers: readonly Layer[] = [
  { folder: 'proto/', mayImport: [] },
  { folder: 'agent/', mayImport: ['proto/'] },
  // The writer of YAML is a function of values: results are shown with it (callback_result_format = yaml).
  // Vaults are sealed and opened where the user is: their passwords and contents go nowhere.
  {
    folder: 'controller/cli/',
    mayImport: ['proto/', 'controller/template/yaml/', 'controller/vault/'],
  },
  { folder: 'controller/vault/', mayImport: ['proto/'] },
  // The filters vault and unvault seal and open as the reader of files does; a filter fails for values that it could not open.
  {
    folder: 'controller/template/',
    mayImport: [
      'proto/',
      'controller/vault/',
      'controller/yaml/vault.ts',
      'controller/yaml/as-data.ts',
    ],
  },
  { folder: 'controller/store/', mayImport: ['proto/'] },
  // A date is an object that templates ask for its parts, from wherever it was read.
  {
    folder: 'controller/yaml',
    mayImport: [
      'proto/',
      'controller/yaml',
      'controller/vault/',
      'controller/template/python/read-moment.ts',
    ],
  },
  { folder: 'controller/config-file', mayImport: ['proto/', 'controller/yaml'] },
  {
    folder: 'controller/playbook/',
    mayImport: ['proto/', 'controller/yaml', 'controller/template/'],
  },
  {
    folder: 'controller/inventory/',
    mayImport: ['proto/', 'controller/yaml', 'controller/template/', 'controller/playbook/'],
  },
  {
    folder: 'controller/vars/',
    mayImport: [
      'proto/',
      'controller/yaml',
      'controller/config-file',
      'controller/template/',
      'controller/playbook/',
      'controller/inventory/',
      'controller/run/ports.ts',
    ],
  },
  {
    folder: 'controller/run/ports.ts',
    mayImport: ['proto/', 'controller/template/plugin-port.ts'],
  },
  { folder: 'controller/packer/', mayImport: ['proto/', 'controller/run/ports.ts'] },
  {
    folder: 'controller/plugins/',
    mayImport: [
      'proto/',
      'controller/template/',
      'controller/packer/ansible-core',
      'controller/packer/module-routes.ts',
      'controller/run/ports.ts',
    ],
  },
  {
    folder: 'controller/modules/',
    mayImport: [
      'proto/',
      'controller/yaml',
      'controller/template/',
      'controller/playbook/',
      'controller/vars/',
      'controller/packer/executable.ts',
      'controller/run/ports.ts',
    ],
  },
  {
    folder: 'controller/run/',
    mayImport: [
      'proto/',
      'controller/yaml',
      'controller/config-file',
      'controller/template/',
      'controller/playbook/',
      'controller/inventory/',
      'controller/vars/',
      'controller/modules/',
    ],
  },
  {
    folder: 'controller/fleet/',
    mayImport: ['proto/', 'controller/run/ports.ts', 'controller/store/store.ts'],
  },
  { folder: 'controller/', mayImport: ['proto/', 'controller/'] },
]

/** `file: imports other` for each import that no layer allows. Paths are relative to `root`. */
export function violations(root: string): readonly string[] {
  return sources(root).flatMap((file) =>
    importsOf(root, file)
      .filter((target) => !isAllowed(file, target))
      .map((target) => `${file} imports ${target}`),
  )
}

function sources(root: string): readonly string[] {
  return ['proto', 'agent', 'controller'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  )
}

function importsOf(root: string, file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/gu)
  return [...found].map(([, path]) => relative('/', join('/', dirname(file), path ?? '')))
}

function isAllowed(file: string, target: string): boolean {
  const layer = layers.find(({ folder }) => file.startsWith(folder))
  if (!layer) return false
  return [layer.folder, ...layer.mayImport].some((folder) => target.startsWith(folder))
}
