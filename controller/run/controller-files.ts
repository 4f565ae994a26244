import { lstatSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, resolve } from 'node:path'
import type { FileFacts, FilePort } from '../template/file-port.ts'

/** What the files of the controller are seen from. */
export interface ControllerFilesOptions {
  readonly workingFolder: string
  /** The environment of the controller, read in its configuration. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** The controller's own files, for file tests and path filters. What cannot be read is not there. */
export function controllerFiles({ workingFolder, environment }: ControllerFilesOptions): FilePort {
  const at = (path: string): string => resolve(workingFolder, path)
  return {
    stat: (path) => orNothing(() => factsOf(at(path))),
    isLink: (path) => orNothing(() => lstatSync(at(path)).isSymbolicLink()) ?? false,
    isMount: (path) => orNothing(() => isMount(at(path))) ?? false,
    realPath: (path) => realPath(at(path)),
    list: (path) => orNothing(() => readdirSync(at(path)).toSorted()) ?? [],
    homeOf: (user) =>
      user === undefined ? (environment['HOME'] ?? homedir()) : orNothing(() => homeOf(user)),
    environment: (name) => environment[name],
    workingFolder: () => workingFolder,
  }
}

function orNothing<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    // not there, or not to be seen: both mean that a test on it is false
    return undefined
  }
}

function factsOf(path: string): FileFacts {
  const stats = statSync(path)
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other'
  return { kind, identity: `${stats.dev}:${stats.ino}` }
}

/** Links are followed as far as there is something; the rest stays as it is. */
function realPath(path: string): string {
  const real = orNothing(() => realpathSync(path))
  if (real !== undefined) return real
  const folder = dirname(path)
  return folder === path ? path : resolve(realPath(folder), basename(path))
}

function isMount(path: string): boolean {
  const [own, above] = [lstatSync(path), lstatSync(dirname(path))]
  return !own.isSymbolicLink() && (own.dev !== above.dev || own.ino === above.ino)
}

function homeOf(user: string): string | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${user}:`))
  return line?.split(':')[5]
}
