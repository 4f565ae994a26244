import type { Datum } from '../python/datum.ts'
import { PythonError } from '../python/python-error.ts'
import { stringRepr, toText } from '../python/text.ts'
import { checkText } from '../limits.ts'

interface Style {
  readonly beginning?: string
  readonly decoration: string
  readonly end?: string
}

const styles: Readonly<Record<string, Style>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
}

/** Makes a comment of a text, in one of Ansible's styles or with parts of the caller's own. */
export function comment(
  text: string,
  styleName: string,
  named: ReadonlyMap<string, Datum>,
): string {
  const style = Object.hasOwn(styles, styleName) ? styles[styleName] : undefined
  if (!style) throw new PythonError('KeyError', stringRepr(styleName))
  const part = (name: string, otherwise: string): string => {
    const given = named.get(name)
    return given === undefined ? otherwise : toText(given)
  }
  const count = (name: string): number => Number(named.get(name) ?? 1)
  const newline = part('newline', '\n')
  const decoration = part('decoration', style.decoration)
  const prefix = part('prefix', decoration.trimEnd())
  const postfix = part('postfix', decoration.trimEnd())
  const beginning = part('beginning', style.beginning ?? '')
  const end = part('end', style.end ?? '')
  checkText(
    (prefix.length + 1) * count('prefix_count') + (postfix.length + 1) * count('postfix_count'),
  )
  const line = prefix === newline ? newline : prefix + newline
  const body = decoration + text.replaceAll(newline, newline + decoration)
  return [
    beginning === '' ? '' : beginning + newline,
    prefix === '' ? '' : line.repeat(count('prefix_count')),
    body.replaceAll(decoration + newline, decoration.trimEnd() + newline),
    (newline + postfix).repeat(count('postfix_count')),
    end === '' ? '' : newline + end,
  ].join('')
}
