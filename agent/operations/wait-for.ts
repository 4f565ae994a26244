import { createConnection, type Socket } from 'node:net'
import { lookup } from 'node:dns/promises'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { text, texts, whole } from './arguments.ts'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap, Operation } from './operation.ts'
import { pathInfo } from './path-info.ts'
import { openConnections } from './tcp-table.ts'

interface WaitRequest {
  readonly host: string
  readonly port: number | undefined
  readonly path: string | undefined
  readonly regex: RegExp | undefined
  readonly regexText: string | undefined
  readonly state: string
  readonly timeoutS: number
  readonly connectTimeoutS: number
  readonly delayS: number
  readonly sleepS: number
  readonly message: string | undefined
  readonly activeStates: readonly string[]
  readonly excludeHosts: readonly string[]
  readonly signal: AbortSignal
}

/** `wait_for`: a port, a file or a text. */
export const waitFor: Operation = async (args, { signal }) => {
  const request = requestFrom(args, signal)
  const startMs = performance.now()
  const elapsed = () => Math.floor((performance.now() - startMs) / 1000)
  const found = await waitUntil(request, elapsed)
  const { state, port, path, regexText } = request
  return {
    changed: false,
    state,
    port: port ?? null,
    search_regex: regexText ?? null,
    match_groups: found.groups,
    match_groupdict: found.named,
    path: path ?? null,
    elapsed: elapsed(),
    // A path that is there is told as a file, state and all.
    ...(path === undefined ? {} : await pathInfo(path)),
  }
}

function requestFrom(args: JsonMap, signal: AbortSignal): WaitRequest {
  const [port, path, regexText] = [
    whole(args, 'port'),
    text(args, 'path'),
    text(args, 'search_regex'),
  ]
  const state = text(args, 'state') ?? 'started'
  if (port !== undefined && path !== undefined) {
    throw refused('port and path parameter can not both be passed to wait_for')
  }
  if (path !== undefined && state === 'stopped') {
    throw refused('state=stopped should only be used for checking a port in the wait_for module')
  }
  if (path !== undefined && state === 'drained') {
    throw refused('state=drained should only be used for checking a port in the wait_for module')
  }
  if (regexText !== undefined && state === 'absent' && path === undefined) {
    throw refused('search_regex with state=absent needs a path')
  }
  return {
    host: text(args, 'host') ?? '127.0.0.1',
    port,
    path,
    regex: regexText === undefined ? undefined : pythonRegex(regexText),
    regexText,
    state,
    timeoutS: whole(args, 'timeout') ?? 300,
    connectTimeoutS: whole(args, 'connect_timeout') ?? 5,
    delayS: whole(args, 'delay') ?? 0,
    sleepS: whole(args, 'sleep') ?? 1,
    message: text(args, 'msg'),
    activeStates: texts(args, 'active_connection_states'),
    excludeHosts: texts(args, 'exclude_hosts'),
    signal,
  }
}

function refused(message: string): CannotDo {
  return new CannotDo(message, { elapsed: 0 })
}

/** Python's `(?P<name>` and `(?i)` at the front, the rest is the same in all that is common. */
function pythonRegex(source: string): RegExp {
  const [, letters = ''] = /^\(\?([ims]+)\)/u.exec(source) ?? []
  const body = source.replace(/^\(\?[ims]+\)/u, '').replaceAll('(?P<', '(?<')
  try {
    return new RegExp(body, [...new Set(`m${letters}`)].join(''))
  } catch (error) {
    throw refused(`search_regex cannot be read: ${(error as Error).message}`)
  }
}

interface Match {
  readonly groups: readonly (string | null)[]
  readonly named: JsonMap
}

const noMatch: Match = { groups: [], named: {} }

async function waitUntil(request: WaitRequest, elapsed: () => number): Promise<Match> {
  const { delayS, sleepS, timeoutS, signal } = request
  await wait(delayS * 1000, undefined, { signal })
  if (request.port === undefined && request.path === undefined && request.state !== 'drained') {
    await wait(timeoutS * 1000, undefined, { signal })
    return noMatch
  }
  const deadline = performance.now() + (timeoutS - delayS) * 1000
  while (performance.now() < deadline) {
    signal.throwIfAborted()
    const match = await look(request, deadline)
    if (match) return match
    const left = deadline - performance.now()
    await wait(Math.min(sleepS * 1000, Math.max(left, 0)), undefined, { signal })
  }
  const match = isGoneWanted(request) ? undefined : await look(request, performance.now() + 1000)
  if (match) return match
  throw new CannotDo(request.message ?? timeoutSentence(request), { elapsed: elapsed() })
}

function isGoneWanted({ state }: WaitRequest): boolean {
  return state === 'absent' || state === 'stopped' || state === 'drained'
}

/** One look; undefined when it is not as wanted yet. */
async function look(request: WaitRequest, deadline: number): Promise<Match | undefined> {
  const { state, path, port } = request
  if (state === 'drained') return isDrained(await resolved(request)) ? noMatch : undefined
  const isWantedGone = isGoneWanted(request)
  if (path !== undefined) {
    const match = lookAtFile(request, path)
    if (isWantedGone) return match ? undefined : noMatch
    return match
  }
  if (port === undefined) return noMatch
  const match = await lookAtPort(request, port, deadline)
  if (isWantedGone) return match ? undefined : noMatch
  return match
}

function lookAtFile({ regex }: WaitRequest, path: string): Match | undefined {
  if (!regex) return existsSync(path) ? noMatch : undefined
  try {
    return matchOf(regex, readFileSync(path, 'utf8'))
  } catch {
    return undefined // not there or not readable yet
  }
}

function matchOf(regex: RegExp, searched: string): Match | undefined {
  const found = regex.exec(searched)
  if (!found) return undefined
  return { groups: found.slice(1).map((group) => group ?? null), named: { ...found.groups } }
}

/** Connects; with a regular expression, reads until it matches or the time is over. */
async function lookAtPort(
  request: WaitRequest,
  port: number,
  deadline: number,
): Promise<Match | undefined> {
  const { host, regex, connectTimeoutS, signal } = request
  const socket = await connect(
    host,
    port,
    Math.min(connectTimeoutS * 1000, Math.max(1, deadline - performance.now())),
  )
  if (!socket) return undefined
  try {
    if (!regex) return noMatch
    return await readUntil(socket, regex, { deadline, signal })
  } finally {
    socket.destroy()
  }
}

function connect(host: string, port: number, timeoutMs: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    const timer = setTimeout(() => {
      socket.destroy()
      resolve(undefined)
    }, timeoutMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    socket.on('error', () => {
      clearTimeout(timer)
      resolve(undefined)
    })
  })
}

function readUntil(
  socket: Socket,
  regex: RegExp,
  { deadline, signal }: { readonly deadline: number; readonly signal: AbortSignal },
): Promise<Match | undefined> {
  return new Promise((resolve) => {
    let seen = ''
    const timer = setTimeout(() => socket.destroy(), Math.max(1, deadline - performance.now()))
    const stop = () => socket.destroy()
    signal.addEventListener('abort', stop)
    socket.on('data', (chunk: Buffer) => {
      seen = (seen + chunk.toString('utf8')).slice(-1024 * 1024)
      const match = matchOf(regex, seen)
      if (match) resolve(match)
    })
    socket.once('close', () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve(undefined)
    })
  })
}

interface Drain {
  readonly addresses: ReadonlySet<string>
  readonly excluded: ReadonlySet<string>
  readonly request: WaitRequest
}

async function resolved(request: WaitRequest): Promise<Drain> {
  const addresses = new Set(await addressesOf(request.host))
  const excluded = new Set((await Promise.all(request.excludeHosts.map(addressesOf))).flat())
  return { addresses, excluded, request }
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    throw refused(`could not resolve ${host}`)
  }
}

function isDrained({ addresses, excluded, request }: Drain): boolean {
  const isAny = addresses.has('0.0.0.0') || addresses.has('::')
  return !openConnections().some(
    ({ localAddress, localPort, remoteAddress, state }) =>
      localPort === request.port &&
      (isAny || addresses.has(localAddress)) &&
      request.activeStates.includes(state) &&
      !excluded.has(remoteAddress),
  )
}

function timeoutSentence({ host, port, path, regexText, state }: WaitRequest): string {
  const where = `${host}:${port ?? 'None'}`
  if (state === 'drained') return `Timeout when waiting for ${where} to drain`
  if (state === 'stopped' || state === 'absent') {
    return port === undefined
      ? `Timeout when waiting for ${path ?? 'None'} to be absent.`
      : `Timeout when waiting for ${where} to stop.`
  }
  if (regexText !== undefined) {
    return path === undefined
      ? `Timeout when waiting for search string ${regexText} in ${where}`
      : `Timeout when waiting for search string ${regexText} in ${path}`
  }
  return port === undefined
    ? `Timeout when waiting for file ${path ?? 'None'}`
    : `Timeout when waiting for ${where}`
}
