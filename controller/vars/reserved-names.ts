import { blockKeywords, handlerKeywords, playKeywords, taskKeywords } from '../playbook/keywords.ts'

/** Functions that every template has: a variable of that name hides one. */
const functions = 'cycler dict joiner lipsum lookup namespace now q query range undef'.split(' ')

/** Ansible's inner names of `async` and `with_…`. */
const inner = ['async_val', 'with_']

/** What Ansible does not count: `vars` is always a variable, the others are no attributes of a play or task there. */
const free = new Set(['vars', 'listen', 'user', 'validate_argspec'])

const reserved: ReadonlySet<string> = new Set(
  [
    ...playKeywords,
    ...blockKeywords,
    ...taskKeywords,
    ...handlerKeywords,
    ...functions,
    ...inner,
  ].filter((name) => !free.has(name)),
)

/** Whether a variable of this name is warned of, since a keyword or a function of templates has it. */
export function isReserved(name: string): boolean {
  return reserved.has(name)
}
