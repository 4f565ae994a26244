import { setTimeout as wait } from 'node:timers/promises'
import { isTreeOver, signalTree, type Tree } from './containment.ts'
import type { KernelFiles } from './process-identity.ts'

export interface EndTreeOptions {
  readonly kernel: KernelFiles
  /** Between TERM and KILL. */
  readonly graceMs: number
  /** Between two looks. */
  readonly stepMs?: number
  /** How often KILL is tried; what survives it hangs in the kernel. */
  readonly attempts?: number
  readonly signal: AbortSignal
}

/**
 * TERM to all of a job's tree, the grace, then KILL until nothing is left. As the shim does it, for cancelling and for
 * jobs whose shim has gone.
 *
 * @returns whether nothing is left.
 */
export async function endTree(tree: Tree, options: EndTreeOptions): Promise<boolean> {
  const { kernel, graceMs, stepMs = 25, attempts = 200, signal } = options
  const steps = { ref: true, signal }
  await signalTree(kernel, tree, 'SIGTERM')
  const deadline = performance.now() + graceMs
  while (!isTreeOver(kernel, tree) && performance.now() < deadline) {
    await wait(Math.min(stepMs, graceMs), undefined, steps)
  }
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (isTreeOver(kernel, tree)) return true
    await signalTree(kernel, tree, 'SIGKILL')
    await wait(stepMs, undefined, steps)
  }
  return isTreeOver(kernel, tree)
}
