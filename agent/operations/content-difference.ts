import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import type { JsonMap } from './operation.ts'

/** Larger files are not shown. As Ansible's MAX_FILE_SIZE_FOR_DIFF. */
const mostBytes = 104_448

/** What a new content changes, as `--diff` shows it. Binary and large files are only named as such. */
export function contentDifference(dest: string, source: string, shown: string): Promise<JsonMap> {
  const before = sideOf(dest)
  const after = sideOf(source)
  const result: Record<string, unknown> = {}
  if (before.kind === 'large') result['dst_larger'] = mostBytes
  else if (before.kind === 'binary') result['dst_binary'] = 1
  else {
    result['before'] = before.text
    if (before.isThere) result['before_header'] = dest
  }
  if (after.kind === 'large') result['src_larger'] = mostBytes
  else if (after.kind === 'binary') result['src_binary'] = 1
  else {
    result['after'] = after.text
    result['after_header'] = shown
  }
  return Promise.resolve(result)
}

type Side =
  | { readonly kind: 'large' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'text'; readonly text: string; readonly isThere: boolean }

function sideOf(path: string): Side {
  let size: number
  try {
    size = statSync(path).size
  } catch {
    return { kind: 'text', text: '', isThere: false }
  }
  if (startOf(path).includes(0)) return { kind: 'binary' }
  if (size > mostBytes) return { kind: 'large' }
  return { kind: 'text', text: readFileSync(path, 'utf8'), isThere: true }
}

function startOf(path: string): Uint8Array {
  const buffer = Buffer.alloc(8192)
  const fd = openSync(path, 'r')
  try {
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0))
  } finally {
    closeSync(fd)
  }
}
