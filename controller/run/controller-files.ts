import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import type { FilePort } from '../template/file-port.ts'

/** The controller's files, as templates may look at them; relative to where the user stood. */
export function controllerFiles(options: {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
}): FilePort {
  const { cwd, environment } = options
  const absolute = (path: string) => resolve(cwd, path)
  return {
    stat: (path) => {
      const status = statSync(absolute(path), { throwIfNoEntry: false })
      if (!status) return undefined
      const kind = status.isFile() ? 'file' : status.isDirectory() ? 'directory' : 'other'
      return { kind, identity: `${status.dev}:${status.ino}` }
    },
    isLink: (path) =>
      lstatSync(absolute(path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false,
    isMount: (path) => isMount(absolute(path)),
    realPath: (path) => realPath(absolute(path)),
    list: (path) => namesIn(absolute(path)),
    homeOf: (user) => homeOf(user, environment),
    environment: (name) => environment[name],
    workingFolder: () => cwd,
  }
}

function isMount(path: string): boolean {
  const here = statSync(path, { throwIfNoEntry: false })
  const above = statSync(dirname(path), { throwIfNoEntry: false })
  if (!here || !above) return false
  return here.dev !== above.dev || here.ino === above.ino
}

/** Links are followed as far as there is something; the rest stays as it is. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const folder = dirname(path)
    return folder === path
      ? path
      : resolve(realPath(folder), path.slice(folder.length).replace(/^\//u, ''))
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return [] // no folder, or not for us
  }
}

function homeOf(
  user: string | undefined,
  environment: Readonly<Record<string, string>>,
): string | undefined {
  if (user === undefined) return environment['HOME'] ?? homedir()
  if (user === userInfo().username) return homedir()
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${user}:`))
  return line?.split(':')[5]
}
