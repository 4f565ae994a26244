/** Copying a folder of the controller: one file after the other, then the folders that none was in, then links. */
import { readdir, readlink, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { mapOf, newMap, type ValueMap } from '../../proto/value.ts'
import { optionsFor } from './copy-options.ts'
import { answer, type Answer, type HostCall } from './module.ts'
import { readEnd } from './read-end.ts'
import { askForFile } from './send-file.ts'

interface Folder {
  /** As the task names it: with a slash at the end only what is in it is copied. */
  readonly src: string
  readonly path: string
  readonly dest: string
}

/** What is in a folder: names below `dest`, and where each comes from. */
interface Content {
  readonly files: (readonly [from: string, to: string])[]
  readonly folders: string[]
  readonly links: (readonly [target: string, to: string])[]
}

/** Everything in a folder, one file after the other. */
export async function copyFolder(
  call: HostCall,
  { src, path, dest: asked }: Folder,
): Promise<Answer> {
  const isContents = src.endsWith('/')
  const root = path.replace(/\/+$/u, '')
  const dest = asked.endsWith('/') ? asked : `${asked}/`
  const content: Content = { files: [], folders: [], links: [] }
  const walk = { content, followsLinks: call.args.get('local_follow') !== false }
  await listBelow({ ...walk, root, base: isContents ? '' : basename(root), around: [] })
  const results: ValueMap[] = []
  for (const make of steps(call, { content, dest })) {
    const result = await make()
    results.push(result)
    if (result.get('failed') === true) return answer(result)
  }
  const changed = results.some((result) => result.get('changed') === true)
  const last = results.at(-1)
  if (content.files.length === 1 && last) return answer(asOfOneFile(last))
  return answer(mapOf({ changed, dest, src: isContents ? `${root}/` : root }))
}

/** A folder with a single file is told by what was done last. */
function asOfOneFile(last: ValueMap): ValueMap {
  const path = last.get('path')
  if (path === undefined || last.has('dest')) return last
  return newMap([...last, ['dest', path]])
}

function steps(
  call: HostCall,
  { content, dest }: { readonly content: Content; readonly dest: string },
): readonly (() => Promise<ValueMap>)[] {
  const isAlone = content.folders.length === 0
  return [
    ...content.files.map((file) => () => sendNow(call, { file, dest, isAlone })),
    ...content.folders.map((folder) => () => makeFolder(call, dest + folder)),
    ...content.links.map(
      ([target, to]) =>
        () =>
          makeLink(call, { target, path: dest + to, isAlone }),
    ),
  ]
}

interface Walk {
  readonly content: Content
  readonly root: string
  readonly base: string
  readonly followsLinks: boolean
  /** The real paths of the folders that this one is in: a link to one of them would never end. */
  readonly around: readonly string[]
}

/** The folder itself is made by what is in it. */
async function listBelow(walk: Walk): Promise<void> {
  const { content, root, base, followsLinks } = walk
  const around = [...walk.around, await realpath(root)]
  const entries = await readdir(root, { withFileTypes: true })
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const [from, to] = [join(root, entry.name), join(base, entry.name)]
    if (!entry.isSymbolicLink()) {
      if (entry.isDirectory()) await listFolder({ ...walk, root: from, base: to, around })
      else content.files.push([from, to])
      continue
    }
    const real = followsLinks ? await realpath(from).catch(() => undefined) : undefined
    const kind = real === undefined ? undefined : await stat(real)
    if (real === undefined || around.includes(real)) content.links.push([await readlink(from), to])
    else if (kind?.isDirectory()) await listFolder({ ...walk, root: real, base: to, around })
    else content.files.push([real, to])
  }
}

async function listFolder(walk: Walk): Promise<void> {
  walk.content.folders.push(walk.base)
  await listBelow(walk)
}

async function sendNow(
  call: HostCall,
  {
    file: [path, to],
    dest,
    isAlone,
  }: {
    readonly file: readonly [string, string]
    readonly dest: string
    readonly isAlone: boolean
  },
): Promise<ValueMap> {
  const options = await optionsFor(call, path)
  const ask = await askForFile(call, {
    content: { path },
    basename: to,
    dest,
    shownAs: path,
    given: call.given,
    options: isAlone ? options : newMap([...options, ['follow', false]]),
  })
  if (ask.kind === 'answer') return ask.result
  return readEnd(ask.reading, await call.command(ask.work))
}

async function makeFolder(call: HostCall, path: string): Promise<ValueMap> {
  const mode = call.args.get('directory_mode')
  const args = fileArguments(call, { path, state: 'directory' })
  if (mode !== undefined) args.set('mode', mode)
  return await call.operation('file', args)
}

async function makeLink(
  call: HostCall,
  link: { readonly target: string; readonly path: string; readonly isAlone: boolean },
): Promise<ValueMap> {
  const { target: src, path, isAlone } = link
  const args = fileArguments(call, { path, src, state: 'link', force: true })
  const mode = call.args.get('mode')
  if (mode !== undefined && mode !== 'preserve') args.set('mode', mode)
  if (!isAlone) args.set('follow', false)
  return await call.operation('file', args)
}

function fileArguments(call: HostCall, own: Parameters<typeof mapOf>[0]) {
  const kept = ['owner', 'group', 'seuser', 'serole', 'selevel', 'setype', 'attributes', 'follow']
  const given = [...call.args].filter(([name]) => kept.some((one) => one === name))
  return newMap([...given, ...mapOf(own), ['_check', call.checkMode], ['_diff', call.diffMode]])
}
