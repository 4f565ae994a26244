/** What the agent finds out about its host by trying, once, before it serves. */
import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { promisify } from 'node:util'
import type { ShimTools } from './jobs/shim-start.ts'

const run = promisify(execFile)

/** Finds the shell and tools that shims use here. `shell` is given in tests. */
export async function findShimTools(
  shimFile: string,
  {
    shell = ['/bin/sh'],
    useSetsid = true,
  }: { readonly shell?: readonly string[]; readonly useSetsid?: boolean } = {},
): Promise<ShimTools> {
  const setsid = useSetsid ? findTool('setsid') : ''
  return {
    shell,
    shimFile,
    setsid,
    canFork: setsid !== '' && (await succeeds(setsid, ['-f', 'true'])),
    step: (await succeeds('sleep', ['0.01'])) ? '0.05' : '1',
  }
}

function findTool(name: string): string {
  for (const dir of ['/usr/bin', '/bin', '/usr/local/bin', '/sbin', '/usr/sbin']) {
    try {
      accessSync(`${dir}/${name}`, constants.X_OK)
      return `${dir}/${name}`
    } catch {
      // The next one.
    }
  }
  return ''
}

async function succeeds(program: string, argv: readonly string[]): Promise<boolean> {
  try {
    await run(program, [...argv], { timeout: 5000 })
    return true
  } catch {
    return false // another make of it, which does not know this
  }
}
