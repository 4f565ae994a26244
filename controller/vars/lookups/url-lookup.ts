import { isMap, textEntries, type Value } from '../../../proto/value.ts'
import { LookupFailure } from '../../template/scope.ts'
import { toText } from '../../template/templates.ts'
import { runHere, splitLines } from './command-lookups.ts'
import { boolOption, textOption, textTerms, type Lookup, type LookupCall } from './lookup-call.ts'

export const urlLookups: Readonly<Record<string, Lookup>> = { url }

/** What the page says, or `failure`: Ansible's words for what kept it away. */
interface Answer {
  readonly text?: string
  readonly failure?: string
}

/** Runs in a program of its own: a template has its value at once, and a download takes its time. */
const download = `
import { text } from 'node:stream/consumers'
const { url, headers, timeoutMs, redirect } = JSON.parse(await text(process.stdin))
const errnos = { ECONNREFUSED: '[Errno 111] Connection refused', ENOTFOUND: '[Errno -2] Name or service not known' }
async function ask() {
  try {
    const answer = await fetch(url, { headers, redirect, signal: AbortSignal.timeout(timeoutMs) })
    if (answer.ok) return { text: await answer.text() }
    return { failure: 'Received HTTP error for ' + url + ' : HTTP Error ' + answer.status + ': ' + answer.statusText }
  } catch (error) {
    const why = errnos[error.cause?.code] ?? error.cause?.message ?? error.message
    return { failure: 'Failed lookup url for ' + url + ' : <urlopen error ' + why + '>' }
  }
}
process.stdout.write(JSON.stringify(await ask()))
`

function url(call: LookupCall): readonly Value[] {
  return textTerms(call).flatMap((term) => {
    const text = page(call, term)
    return boolOption(call, 'split_lines', true) ? splitLines(text) : [text]
  })
}

function page(call: LookupCall, term: string): string {
  const request = {
    url: term,
    headers: headersOf(call),
    timeoutMs: Number(textOption(call, 'timeout') ?? 10) * 1000,
    redirect: textOption(call, 'follow_redirects') === 'none' ? 'manual' : 'follow',
  }
  const isTrusting = !boolOption(call, 'validate_certs', true)
  const done = runHere(call, [process.execPath, '--input-type=module', '-e', download], {
    environment: isTrusting ? { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' } : {},
    input: JSON.stringify(request),
  })
  if (done.status !== 0) throw new LookupFailure(`Failed lookup url for ${term} : ${why(done)}`)
  const { text, failure } = JSON.parse(done.stdout) as Answer
  if (failure !== undefined) throw new LookupFailure(failure)
  return text ?? ''
}

function why(done: ReturnType<typeof runHere>): string {
  return done.error?.message ?? done.stderr.trim()
}

function headersOf(call: LookupCall): Readonly<Record<string, string>> {
  const given = call.options.get('headers')
  const own = isMap(given) ? textEntries(given).map(([name, value]) => [name, toText(value)]) : []
  const user = textOption(call, 'username')
  const login = `${user ?? ''}:${textOption(call, 'password') ?? ''}`
  return {
    'User-Agent': textOption(call, 'http_agent') ?? 'ansible-httpget',
    ...(user === undefined
      ? {}
      : { Authorization: `Basic ${Buffer.from(login, 'utf8').toString('base64')}` }),
    ...(boolOption(call, 'force', false) ? { 'Cache-Control': 'no-cache' } : {}),
    ...Object.fromEntries(own),
  }
}
