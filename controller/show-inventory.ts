import { resolve } from 'node:path'
import { ErrandError } from '../proto/errors.ts'
import type { InventoryAnswer, InventoryRequest } from '../proto/settings.ts'
import { sourceLine } from './config-file.ts'
import { emptyInventoryWarnings } from './inventory/load-inventory.ts'
import { printGraph, printHost, printList, type PrintOptions } from './inventory/print-inventory.ts'
import { inventoryContext, type ListingWorld } from './reading-run.ts'
import { loadLanguage } from './run/load-language.ts'

/**
 * What ansible-inventory prints of the inventory that a request means.
 *
 * @throws {ErrandError} `invalid` when the request names no host or group of it.
 */
export async function showInventory(
  request: InventoryRequest,
  world: ListingWorld,
): Promise<InventoryAnswer> {
  const context = inventoryContext(request, world)
  const hasPlaybook = request.playbookDir !== undefined
  if (hasPlaybook) context.setFacts({ playbookDir: resolve(request.cwd, request.playbookDir) })
  const language = await loadLanguage(context)
  const options: PrintOptions = {
    inventory: language.inventory,
    hostVars: (name, isOwn) => language.inventoryVars(name, { isOwn, hasPlaybook }),
    groupVars: (name) => language.inventoryGroupVars(name, { hasPlaybook }),
    isExport: request.isExport,
    isYaml: request.show.kind !== 'graph' && request.show.format === 'yaml',
  }
  const text = printed(request, {
    ...options,
    match: (pattern) => language.match(pattern, language.inventory),
  })
  // Ansible says the second one only where hosts are to be worked on.
  const warnings = language.warnings.filter(
    (warning) => warning !== emptyInventoryWarnings.nobodyThere,
  )
  const { config } = context
  return {
    text,
    sourceLine: sourceLine(config),
    warnings: [...config.warnings, ...warnings],
    notes: config.notes,
  }
}

function printed(
  { show }: InventoryRequest,
  options: PrintOptions & { readonly match: (pattern: string) => readonly string[] },
): string {
  switch (show.kind) {
    case 'list':
      return printList(options)
    case 'graph':
      return printGraph(show.group, { ...options, hasVars: show.hasVars })
    case 'host': {
      const [host, ...others] = options.match(show.host)
      if (host !== undefined && others.length === 0) return printHost(host, options)
      throw new ErrandError('usage', 'You must pass a single valid host to --host parameter')
    }
  }
}
