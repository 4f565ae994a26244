import { readFile } from 'node:fs/promises'
import { neededText } from './arguments.ts'
import { CannotDo } from './cannot-do.ts'
import type { Operation } from './operation.ts'

/** `slurp`: a file's bytes, in base64. */
export const slurp: Operation = async (args) => {
  const source = neededText(args, 'src')
  try {
    const content = await readFile(source)
    return { changed: false, content: content.toString('base64'), source, encoding: 'base64' }
  } catch (error) {
    throw new CannotDo(sentenceFor((error as NodeJS.ErrnoException).code, source))
  }
}

function sentenceFor(code: string | undefined, source: string): string {
  if (code === 'ENOENT') return `file not found: ${source}`
  if (code === 'EACCES') return `file is not readable: ${source}`
  if (code === 'EISDIR') return `source is a directory and must be a file: ${source}`
  return `unable to slurp file: ${source}`
}
