/** What a case came to. */
export interface Verdict {
  readonly chapter: string
  /** `chapter/case`. */
  readonly name: string
  readonly isEqual: boolean
}

/** Chapter, cases, equal: a table in Markdown, with the sum below. */
export function table(verdicts: readonly Verdict[]): string {
  const chapters = [...new Set(verdicts.map((verdict) => verdict.chapter))]
  const rows = chapters.map((chapter) =>
    row(
      chapter,
      verdicts.filter((verdict) => verdict.chapter === chapter),
    ),
  )
  return [
    '| chapter | cases | equal |',
    '| --- | ---: | ---: |',
    ...rows,
    row('all', verdicts),
  ].join('\n')
}

function row(title: string, verdicts: readonly Verdict[]): string {
  const equal = verdicts.filter((verdict) => verdict.isEqual)
  return `| ${title} | ${verdicts.length} | ${equal.length} |`
}
