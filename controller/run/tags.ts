/** What --tags and --skip-tags asked for. */
export interface TagChoice {
  readonly only: readonly string[]
  readonly skip: readonly string[]
}

/** Whether something with these tags runs, by Ansible's rules for always, never, tagged, untagged and all. */
export function isChosen(tags: readonly string[], choice: TagChoice): boolean {
  const own = new Set(tags.length === 0 ? ['untagged'] : tags)
  return isWanted(own, choice.only) && !isSkipped(own, choice)
}

function isWanted(own: ReadonlySet<string>, only: readonly string[]): boolean {
  const wanted = only.length === 0 ? ['all'] : only
  if (own.has('always')) return true
  if (wanted.includes('all') && !own.has('never')) return true
  if (wanted.some((tag) => own.has(tag))) return true
  return wanted.includes('tagged') && !own.has('untagged') && !own.has('never')
}

function isSkipped(own: ReadonlySet<string>, choice: TagChoice): boolean {
  const { skip } = choice
  if (skip.includes('all')) return !own.has('always') || skip.includes('always')
  if (skip.some((tag) => own.has(tag))) return true
  return skip.includes('tagged') && !own.has('untagged')
}

/** Tags as written, where one text may hold several with commas between. */
export function splitTags(tags: readonly unknown[]): readonly string[] {
  return tags
    .flatMap((tag) => String(tag).split(','))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
}
