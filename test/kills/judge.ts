/** What is wrong with the lines that the tasks of a run left on a host, in sentences. */
export interface MarkFaults {
  /** Lines that are there more often than they should be: tasks that ran twice, or that nobody wanted. */
  readonly doubles: readonly string[]
  /** Lines that are there less often: tasks that never ran. */
  readonly missing: readonly string[]
}

export function judgeMarks(found: readonly string[], expected: readonly string[]): MarkFaults {
  const [has, wants] = [countsOf(found), countsOf(expected)]
  const faults = (isWrong: (has: number, wants: number) => boolean) =>
    [...new Set([...found, ...expected])]
      .filter((line) => isWrong(has.get(line) ?? 0, wants.get(line) ?? 0))
      .map((line) => `"${line}" ${has.get(line) ?? 0} times, not ${wants.get(line) ?? 0}`)
  return {
    doubles: faults((there, wanted) => there > wanted),
    missing: faults((there, wanted) => there < wanted),
  }
}

function countsOf(lines: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(lines, (line) => line)].map(([line, all]) => [line, all.length]))
}
