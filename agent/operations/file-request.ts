import { realpathSync } from 'node:fs'
import type { Attributes } from './attributes.ts'
import type { JsonMap } from './operation.ts'
import { stateOf, type PathState } from './path-info.ts'

/** What the parts of `file` need, read once. */
export interface FileRequest {
  /** Where it is done: the path, or what a link there leads to. */
  readonly path: string
  /** The path as it was given. */
  readonly asked: string
  readonly state: string
  /** What stood at the path before. */
  readonly previous: PathState
  readonly src: string | undefined
  readonly attributes: Attributes
  readonly recurse: boolean
  readonly force: boolean
  readonly follow: boolean
  readonly check: boolean
  readonly diff: boolean
  readonly args: JsonMap
}

/** With `follow`, what a link leads to is meant. */
export function behindLink(request: FileRequest): FileRequest {
  if (!request.follow || request.previous !== 'link') return request
  try {
    const path = realpathSync(request.path)
    return { ...request, path, previous: stateOf(path) }
  } catch {
    return request // it leads nowhere
  }
}
