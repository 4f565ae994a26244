import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { RunRequest } from '../../proto/run.ts'
import type { AnsibleConfig } from '../config-file.ts'
import type { ModulePlaces } from './ports.ts'

/** Where the modules of a run may lie: beside its playbooks, in their roles, in collections, on the machine. */
export function modulePlaces(
  request: RunRequest,
  config: Pick<AnsibleConfig, 'rolesPath' | 'collectionsPath'>,
): ModulePlaces {
  const { cwd, environment } = request
  const home = environment['HOME'] ?? '/'
  const playbookDirs = request.playbooks.map((file) => dirname(resolve(cwd, file)))
  const dirs = [...new Set(request.kind === 'adhoc' ? [cwd] : playbookDirs)]
  const roles = [...dirs.map((dir) => join(dir, 'roles')), ...config.rolesPath].flatMap(foldersIn)
  const libraries = (environment['ANSIBLE_LIBRARY'] ?? '').split(':').filter((one) => one !== '')
  return {
    folders: [
      ...[...dirs, ...roles].map((dir) => join(dir, 'library')),
      ...libraries.map((one) => resolve(cwd, one.replace(/^~(?=\/|$)/u, home))),
      join(home, '.ansible/plugins/modules'),
      '/usr/share/ansible/plugins/modules',
    ],
    moduleUtils: [
      ...[...dirs, ...roles].map((dir) => join(dir, 'module_utils')),
      join(home, '.ansible/plugins/module_utils'),
      '/usr/share/ansible/plugins/module_utils',
    ],
    collections: [...dirs.map((dir) => join(dir, 'collections')), ...config.collectionsPath],
    path: environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    home,
  }
}

function foldersIn(root: string): readonly string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => !entry.isFile())
      .map((entry) => join(root, entry.name))
  } catch {
    return [] // most roots of roles are not there
  }
}
