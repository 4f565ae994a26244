import type { Account } from './account.ts'

/** Where programs are looked for unless the task says otherwise. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** A login environment of `account`, with what the task adds. `locale` is the host's own (LANG), where it has one. */
export function jobEnvironment(
  account: Account,
  added: Readonly<Record<string, string>>,
  locale: string | undefined,
): Readonly<Record<string, string>> {
  return {
    ...(locale === undefined ? {} : { LANG: locale }),
    HOME: account.home,
    USER: account.name,
    LOGNAME: account.name,
    SHELL: account.shell,
    PATH: defaultPath,
    ...added,
  }
}

/** `~`, `~/x` and `$NAME`, `${NAME}` in a path, as Ansible expands path arguments. Unknown names stay as they are. */
export function expandPath(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const home = environment['HOME'] ?? '/'
  const tilde = path === '~' || path.startsWith('~/') ? home + path.slice(1) : path
  return tilde.replace(/\$(?:\{(\w+)\}|(\w+))/gu, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? ''
    return Object.hasOwn(environment, name) ? (environment[name] ?? whole) : whole
  })
}
