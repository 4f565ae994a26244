import { newMap, textKeys, isMap } from '../../../proto/value.ts'
import type { ValueMap, Value } from '../../../proto/value.ts'
import { parseKeyValues } from '../../playbook/split-args.ts'
import { pythonRepr, toText } from '../../template/templates.ts'
import { LookupFailure } from '../../template/scope.ts'
import type { LookupCall } from './lookup-call.ts'

interface Sequence {
  readonly start: number
  readonly end: number
  readonly stride: number
  readonly format: string
}

/** `with_sequence: start=1 end=5 stride=2 format=web%02d`, `count=3`, or in short `1-5/2:web%02d`. */
export function sequence(call: LookupCall): readonly Value[] {
  return call.terms.flatMap((term) => numbers(read(term, call)))
}

function read(term: Value, call: LookupCall): Sequence {
  const text = isMap(term) ? '' : toText(term)
  const short = /^(?:(0?x?[0-9a-f]+)-)?(0?x?[0-9a-f]+)(?:\/(0?x?[0-9a-f]+))?(?::(.+))?$/iu.exec(
    text,
  )
  if (short) {
    const [, start = '1', end = '', stride = '1', format = '%d'] = short
    return {
      start: number(start),
      end: number(end),
      stride: number(stride),
      format,
    }
  }
  const own = isMap(term) ? term : keyValues(text)
  const given = newMap([...call.options, ...own])
  const unknown = textKeys(given).filter((key) => !known.has(key))
  if (unknown.length > 0)
    throw new LookupFailure(`unrecognized arguments to with_sequence: ${pythonRepr(unknown)}`)
  return fromOptions(given)
}

function keyValues(text: string): ValueMap {
  const { map, raw } = parseKeyValues(text, false)
  return raw === undefined ? map : newMap([...map, ['_raw_params', raw]])
}

const known = new Set(['start', 'end', 'stride', 'count', 'format'])

function fromOptions(given: ValueMap): Sequence {
  const option = (name: string) => {
    const value = given.get(name)
    return value === undefined ? undefined : number(toText(value), `${name}=`)
  }
  const start = option('start') ?? 1
  const count = option('count')
  const written = option('end')
  if (count === undefined && written === undefined) {
    throw new LookupFailure('must specify count or end in with_sequence')
  }
  if (count !== undefined && written !== undefined) {
    throw new LookupFailure("can't specify both count and end in with_sequence")
  }
  const format = toText(given.get('format') ?? '%d')
  if (count === 0) return { start: 0, end: 0, stride: 0, format }
  const stride = option('stride') ?? 1
  const end = written ?? start + ((count ?? 1) - 1) * stride
  return { start, end, stride, format }
}

function numbers({ start, end, stride, format }: Sequence): readonly string[] {
  if (stride > 0 && end < start) throw new LookupFailure('to count backwards make stride negative')
  if (stride < 0 && end > start)
    throw new LookupFailure("to count forward don't make stride negative")
  if (stride === 0) return []
  const found: string[] = []
  for (let value = start; stride > 0 ? value <= end : value >= end; value += stride) {
    found.push(formatted(format, value))
  }
  return found
}

/** One `%d`, `%02d`, `%x` … in the format. */
function formatted(format: string, value: number): string {
  const parts = format.match(/%[^%a-z]*[a-z]/giu) ?? []
  if (parts.length !== 1) throw new LookupFailure(`bad formatting string: ${format}`)
  const text = format.replace(
    /%([-0 +#]*)(\d*)([dixXo])/u,
    (_all, flags: string, width: string, kind: string) => {
      const base = kind === 'o' ? 8 : /x/iu.test(kind) ? 16 : 10
      const prefix = flags.includes('#') && base !== 10 ? (base === 8 ? '0o' : '0x') : ''
      const digits = prefix + value.toString(base)
      const size = Number(width === '' ? 0 : width)
      if (flags.includes('-')) return digits.padEnd(size)
      return digits.padStart(size, flags.includes('0') ? '0' : ' ')
    },
  )
  return text.replaceAll('%%', '%')
}

function number(text: string, name = ''): number {
  const value = /^0[0-7]+$/u.test(text) ? Number.parseInt(text, 8) : Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new LookupFailure(`can't parse ${name}${text} as integer`)
}
