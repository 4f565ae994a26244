import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { RunRequest } from '../../proto/run.ts'
import type { AnsibleConfig } from '../config-file.ts'
import type { ModulePlaces } from './ports.ts'

/** Where the modules of a run may lie: beside its playbooks, in their roles, in collections, on the machine. */
export function modulePlaces(
  request: RunRequest,
  config: Pick<AnsibleConfig, 'rolesPath' | 'collectionsPath' | 'library' | 'moduleUtils'>,
): ModulePlaces {
  const { cwd, environment } = request
  const home = environment['HOME'] ?? '/'
  const playbookDirs = request.playbooks.map((file) => dirname(resolve(cwd, file)))
  const adhocDir = resolve(cwd, request.adhoc?.playbookDir ?? '.')
  const dirs = [...new Set(request.kind === 'adhoc' ? [adhocDir] : playbookDirs)]
  const roles = [...dirs.map((dir) => join(dir, 'roles')), ...config.rolesPath].flatMap(foldersIn)
  const named = (request.modulePath ?? []).flatMap((path) => path.split(':'))
  return {
    folders: [
      ...named
        .filter((one) => one !== '')
        .map((one) => resolve(cwd, one.replace(/^~(?=\/|$)/u, home))),
      ...[...dirs, ...roles].map((dir) => join(dir, 'library')),
      ...config.library,
    ],
    moduleUtils: [
      ...[...dirs, ...roles].map((dir) => join(dir, 'module_utils')),
      ...config.moduleUtils,
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
