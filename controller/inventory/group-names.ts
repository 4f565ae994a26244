/** What becomes of group names that cannot be variables' (`force_valid_group_names`). */
export type GroupNameRule = 'never' | 'always' | 'ignore' | 'silently'

/** What a name must not have: anything but letters, digits and `_`, and a digit in front. */
const invalid = /^\p{Nd}|[^\p{L}\p{N}_]/gu

const said: Readonly<Record<GroupNameRule, string | undefined>> = {
  never: 'Invalid characters were found in group names but not replaced, use -vvvv to see details',
  always:
    'Invalid characters were found in group names and automatically replaced, use -vvvv to see details',
  ignore: undefined,
  silently: undefined,
}

/** Gives groups their names; the sources may have written them otherwise. */
export class GroupNames {
  readonly #rule: GroupNameRule
  readonly #onWarning: (text: string) => void

  constructor(rule: GroupNameRule, onWarning: (text: string) => void) {
    this.#rule = rule
    this.#onWarning = onWarning
  }

  /** The name that a group gets which a source calls so. */
  nameOf(written: string): string {
    const replaced = variableName(written)
    if (replaced === written) return written
    const warning = said[this.#rule]
    if (warning !== undefined) this.#onWarning(warning)
    return this.#rule === 'always' || this.#rule === 'silently' ? replaced : written
  }
}

/** The name with all that no variable's may have replaced: so groups are called that a plugin makes, whatever the rule. */
export function variableName(written: string): string {
  return written.replaceAll(invalid, '_')
}

/** Groups are called as they are written, and nobody is told. */
export const namesAsWritten = new GroupNames('ignore', () => {})
