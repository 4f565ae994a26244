/** Flags of Ansible that are taken, so that a command line of its keeps working, and that change nothing here. */
const flagsWithoutEffect = { tree: '-t' } as const

/** A sentence for each flag that was given and changes nothing. */
export function warningsOf(flags: object): readonly string[] {
  return Object.entries(flagsWithoutEffect)
    .filter(([key]) => isGiven(Reflect.get(flags, key)))
    .map(([, flag]) => `errand: ${flag} has no effect: errand does not have it\n`)
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined
}
