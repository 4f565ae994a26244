import { basename, join } from 'node:path'
import { attributesFrom } from './attributes.ts'
import { flag, isCheck, isDiff, neededText, text } from './arguments.ts'
import { removePath } from './file-absent.ts'
import { makeDirectory } from './file-directory.ts'
import { makeHardLink, makeLink } from './file-link.ts'
import { behindLink, type FileRequest } from './file-request.ts'
import { checkTimes, keepFile, touchFile } from './file-touch.ts'
import { CannotDo } from './cannot-do.ts'
import type { JsonMap, Operation } from './operation.ts'
import { pathInfo, stateOf } from './path-info.ts'

const states = ['absent', 'directory', 'file', 'hard', 'link', 'touch']

/** `file`: makes, changes and removes files, folders and links. */
export const file: Operation = async (args) => {
  const request = requestFrom(args)
  try {
    const result = await doFile(request)
    return { ...result, ...(await infoOf(request, result)) }
  } catch (error) {
    throw await withInfo(error, request)
  }
}

function requestFrom(args: JsonMap): FileRequest {
  const asked = insideFolder(args, stripSlash(neededText(args, 'path')))
  const previous = stateOf(asked)
  const recurse = flag(args, 'recurse', false)
  const state =
    text(args, 'state') ?? (previous === 'absent' ? (recurse ? 'directory' : 'file') : previous)
  if (!states.includes(state)) {
    throw new CannotDo(`value of state must be one of: ${states.join(', ')}, got: ${state}`)
  }
  if (recurse && state !== 'directory') {
    throw new CannotDo("recurse option requires state to be 'directory'", { path: asked })
  }
  checkTimes(args)
  const src = text(args, 'src')
  if (src !== undefined && state !== 'link' && state !== 'hard') {
    throw new CannotDo("src option requires state to be 'link' or 'hard'", { path: asked })
  }
  return {
    path: asked,
    asked,
    state,
    previous,
    src,
    attributes: attributesFrom(args),
    recurse,
    force: flag(args, 'force', false),
    follow: flag(args, 'follow', true),
    check: isCheck(args),
    diff: isDiff(args),
    args,
  }
}

function stripSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/u, '') || '/' : path
}

/** Links and removals mean the path itself; what is to be a file goes into a folder that stands there. */
function insideFolder(args: JsonMap, path: string): string {
  const state = text(args, 'state')
  const name = text(args, '_original_basename')
  const isKept =
    state === undefined || state === 'link' || state === 'absent' || state === 'directory'
  if (isKept || name === undefined || stateOf(path) !== 'directory') return path
  return join(path, basename(name))
}

async function doFile(request: FileRequest): Promise<JsonMap> {
  switch (request.state) {
    case 'absent':
      return removePath(request)
    case 'directory':
      return await makeDirectory(behindLink(request))
    case 'touch':
      return await touchFile(request)
    case 'link':
      return await makeLink(request)
    case 'hard':
      return await makeHardLink(request)
    default:
      return await keepFile(behindLink(request))
  }
}

async function infoOf(request: FileRequest, result: JsonMap): Promise<JsonMap> {
  if (request.state === 'absent' && !request.check) return { state: 'absent' }
  const path = result['dest'] ?? result['path']
  return typeof path === 'string' ? await pathInfo(path) : {}
}

async function withInfo(error: unknown, request: FileRequest): Promise<unknown> {
  const { code } = error as NodeJS.ErrnoException
  if (!(error instanceof CannotDo) && code === undefined) return error
  const details = error instanceof CannotDo ? error.details : {}
  const info = await infoOrNone(request.path)
  const where = details['dest'] === undefined ? { path: request.asked } : {}
  return new CannotDo((error as Error).message, { ...where, ...info, ...details })
}

async function infoOrNone(path: string): Promise<JsonMap> {
  try {
    return await pathInfo(path)
  } catch {
    return {} // what kept us from it is told already
  }
}
