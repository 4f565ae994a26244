import { existsSync, readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Value, ValueMap } from '../../proto/value.ts'
import { isList } from '../../proto/value.ts'
import { textOf } from './arguments.ts'

/** Which files of a folder include_vars takes. */
interface Choice {
  readonly depth: number
  readonly matching: RegExp | undefined
  readonly ignored: readonly RegExp[]
  readonly extensions: readonly string[]
  readonly isLenient: boolean
}

/** What is there to read: files in order, or why there is nothing to be read from some point on. */
export type FolderFile = { readonly path: string } | { readonly problem: string }

/** The files of a folder and those below it, as far as the task's arguments want them, folder by folder. */
export function filesOfFolder(root: string, args: ValueMap): readonly (readonly FolderFile[])[] {
  if (!existsSync(root)) return [[{ problem: `${root} directory does not exist` }]]
  if (!statSync(root).isDirectory()) return [[{ problem: `${root} is not a directory` }]]
  const choice = choiceOf(args)
  const folders = foldersBelow(root).toSorted((a, b) => (a < b ? -1 : 1))
  // depth counts folders in their order, however deep they are
  const taken = choice.depth === 0 ? folders : folders.slice(0, choice.depth)
  return taken.map((folder) => filesIn(folder, choice))
}

function choiceOf(args: ValueMap): Choice {
  const pattern = args.get('files_matching')
  return {
    depth: Number(args.get('depth')),
    matching: pattern === undefined ? undefined : new RegExp(textOf(pattern), 'u'),
    ignored: words(args.get('ignore_files')).map((word) => new RegExp(`${word}$`, 'u')),
    extensions: words(args.get('extensions')),
    isLenient: args.get('ignore_unknown_extensions') === true,
  }
}

function words(value: Value | undefined): readonly string[] {
  if (isList(value)) return value.map(textOf)
  return typeof value === 'string' ? value.split(/\s+/u).filter((word) => word !== '') : []
}

function foldersBelow(folder: string): readonly string[] {
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [folder, ...inner.flatMap((entry) => foldersBelow(join(folder, entry.name)))]
}

function filesIn(folder: string, choice: Choice): readonly FolderFile[] {
  const names = readdirSync(folder)
    .filter((name) => !statSync(join(folder, name)).isDirectory())
    .toSorted()
  return names.flatMap((name): readonly FolderFile[] => {
    if (choice.matching?.test(name) === false) return []
    if (choice.ignored.some((pattern) => pattern.test(name))) return []
    const path = join(folder, name)
    if (choice.extensions.includes(extname(name).slice(1))) return [{ path }]
    const known = choice.extensions.join(', ')
    return choice.isLenient
      ? []
      : [{ problem: `${path} does not have a valid extension: ${known}` }]
  })
}
