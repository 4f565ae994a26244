import type { Errand } from '../support/errand.ts'
import type { Row } from './judge.ts'
import { hostName, numberLabel } from './playbooks.ts'
import type { PlannedJob } from './plan.ts'
import { within } from './within.ts'

/** How long one question to errand may take. */
const askMs = 120_000

/** What `errand ARGS --json` says. */
export function ask(
  errand: Errand,
  args: readonly string[],
): Promise<readonly Record<string, unknown>[]> {
  return within(`errand ${args.join(' ')}`, askMs, (signal) => errand.json(args, { signal }))
}

/** The jobs of the plan that errand knows. */
export async function rowsOf(errand: Errand, args: readonly string[]): Promise<readonly Row[]> {
  const rows = (await ask(errand, ['jobs', '--limit', '100000', ...args])) as unknown as Row[]
  return rows.filter(({ labels }) => labels[numberLabel] !== undefined)
}

/** What a job of the plan and its row have in common. */
export function keyOfJob({ host, number }: PlannedJob): string {
  return `${hostName(host)} ${number}`
}

export function keyOfRow({ host, labels }: Row): string {
  return `${host} ${labels[numberLabel]}`
}
