import type { FilePort } from '../file-port.ts'

/** The files that a shell pattern names, in the order of their folders. */
export function globFiles(pattern: string, files: FilePort): string[] {
  const isAbsolute = pattern.startsWith('/')
  let found = [isAbsolute ? '/' : '']
  for (const part of pattern.split('/').filter((one) => one !== '')) {
    found = found.flatMap((folder) => inFolder(folder, part, files))
  }
  return found.filter((path) => files.stat(absolute(path, files))?.kind === 'file')
}

function inFolder(folder: string, part: string, files: FilePort): readonly string[] {
  const join = (name: string): string =>
    folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`
  if (!/[*?[]/u.test(part)) return files.stat(absolute(join(part), files)) ? [join(part)] : []
  const pattern = globPattern(part)
  const names = files.list(absolute(folder === '' ? '.' : folder, files))
  return names
    .filter((name) => pattern.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .map(join)
}

function absolute(path: string, files: FilePort): string {
  return path.startsWith('/') ? path : `${files.workingFolder()}/${path}`
}

function globPattern(part: string): RegExp {
  const body = part.replace(/\*|\?|\[!?\]?[^\]]*\]|[^*?[]+|\[/gu, (piece) => {
    if (piece === '*') return '.*'
    if (piece === '?') return '.'
    if (piece.startsWith('[') && piece.length > 1) {
      const inside = piece
        .slice(1, -1)
        .replace(/^!/u, '')
        .replace(/[\\\][^]/gu, '\\$&')
      return `[${piece[1] === '!' ? '^' : ''}${inside}]`
    }
    return piece.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
  })
  return new RegExp(`^${body}$`, 'su')
}
