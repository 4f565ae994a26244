import type { AnsibleConfig } from '../config-file.ts'

/** Ways to show a run that errand has, by the last word of their names. */
export const stdoutCallbacks: readonly string[] = [
  'default',
  'minimal',
  'oneline',
  'yaml',
  'debug',
  'skippy',
  'json',
  'null',
]

/** What may be said beside that. */
const besides: readonly string[] = ['timer', 'profile_tasks']

/** The name without its collection. */
export function shortCallback(name: string): string {
  return name.split('.').at(-1) ?? name
}

/** A sentence for each callback that ansible.cfg names and errand does not have. */
export function missingCallbacks({
  stdoutCallback,
  callbacksEnabled,
}: Pick<AnsibleConfig, 'stdoutCallback' | 'callbacksEnabled'>): readonly string[] {
  const isShown = stdoutCallbacks.includes(shortCallback(stdoutCallback))
  return [
    ...(isShown
      ? []
      : [`errand has no callback "${stdoutCallback}" for stdout: the run is shown by default`]),
    ...callbacksEnabled
      .filter((name) => !besides.includes(shortCallback(name)))
      .map((name) => `Skipping callback plugin '${name}', unable to load`),
  ]
}
