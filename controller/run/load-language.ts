import { resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { newMap, stringifyJson } from '../../proto/value.ts'
import type { AdhocRequest } from '../../proto/run.ts'
import { loadInventory } from '../inventory/load-inventory.ts'
import { readLimit } from '../inventory/match-hosts.ts'
import { isKnownModule, moduleNames } from '../modules/registry.ts'
import { nearest } from '../playbook/nearest.ts'
import type { ParentNode, Playbook } from '../playbook/playbook.ts'
import { playOf } from '../playbook/lineage.ts'
import { PlaybookLoader } from '../playbook/playbook-loader.ts'
import { textOf } from '../modules/arguments.ts'
import { parseExtraVars } from '../vars/extra-vars.ts'
import { SourceFiles } from '../yaml/source-files.ts'
import { Vault } from '../yaml/vault.ts'
import type { Language } from './language.ts'
import { RunLanguage } from './run-language.ts'
import type { RunContext } from './run-context.ts'

/**
 * Reads everything that the request names: inventories, extra variables, playbooks.
 *
 * @throws {ErrandError} what is wrong with them, and where.
 */
export async function loadLanguage(context: RunContext): Promise<Language> {
  const { request, world } = context
  const warnings: string[] = []
  const onWarning = (message: string) => {
    warnings.push(message)
  }
  const vault = new Vault(request.vaultPasswords)
  const files = new SourceFiles({ vault, onWarning })
  const inventoryOptions = {
    files,
    cwd: request.cwd,
    environment: request.environment,
    signal: world.signal,
  }
  const inventory = await loadInventory(request.inventories, inventoryOptions)
  const language: RunLanguage = new RunLanguage({
    context,
    files,
    inventory,
    extraVars: parseExtraVars(request.extraVars, { files, cwd: request.cwd }),
    limit: request.limit === undefined ? undefined : readLimit(request.limit, request.cwd),
    warnings,
    onWarning,
    loader: (lookups) =>
      new PlaybookLoader({
        files,
        rolesPath: rolesPath(request.environment, request.cwd),
        collectionsPath: collectionsPath(request.environment, request.cwd),
        knownModules: isKnownModule,
        nearestModule: (name) => nearest(name, moduleNames()),
        knownLookups: lookups,
        renderStatic: (template, node) => renderStatic(language, template, node),
      }),
    reload: () => loadInventory(request.inventories, inventoryOptions),
  })
  context.begin(language)
  language.take(loadPlaybooks(context, language.loader))
  return language
}

function loadPlaybooks(context: RunContext, loader: PlaybookLoader): readonly Playbook[] {
  const { request } = context
  if (request.kind === 'adhoc') {
    if (!request.adhoc)
      throw new ErrandError('invalid', 'an ad-hoc run needs a pattern and a module')
    return [loader.adhoc(adhocTask(request.adhoc, request.cwd))]
  }
  return request.playbooks.map((file) => loader.loadPlaybook(resolve(request.cwd, file)))
}

function adhocTask(adhoc: AdhocRequest, baseDir: string) {
  const { pattern, module, args, argv, asyncSeconds, pollSeconds } = adhoc
  const keywords =
    asyncSeconds > 0
      ? newMap([
          ['async', asyncSeconds],
          ['poll', pollSeconds],
        ])
      : newMap()
  return { pattern, module, args: argv ? stringifyJson({ argv }) : args, keywords, baseDir }
}

/** What a template in an import's name comes to, before anything runs: extra variables and those around it. */
function renderStatic(
  language: RunLanguage,
  template: string,
  node: ParentNode | undefined,
): string {
  if (!template.includes('{{') && !template.includes('{%')) return template
  return textOf(node ? language.renderEarly(template, playOf(node)) : language.renderBare(template))
}

function rolesPath(environment: Readonly<Record<string, string>>, cwd: string): readonly string[] {
  const written = environment['ANSIBLE_ROLES_PATH']
  const defaults = '~/.ansible/roles:/usr/share/ansible/roles:/etc/ansible/roles'
  return folders(written ?? defaults, { environment, cwd })
}

function collectionsPath(
  environment: Readonly<Record<string, string>>,
  cwd: string,
): readonly string[] {
  const written =
    environment['ANSIBLE_COLLECTIONS_PATH'] ?? environment['ANSIBLE_COLLECTIONS_PATHS']
  return folders(written ?? '~/.ansible/collections:/usr/share/ansible/collections', {
    environment,
    cwd,
  })
}

function folders(
  written: string,
  where: { readonly environment: Readonly<Record<string, string>>; readonly cwd: string },
): readonly string[] {
  const home = where.environment['HOME'] ?? '/'
  return written
    .split(':')
    .filter((part) => part !== '')
    .map((part) => resolve(where.cwd, part.replace(/^~(?=\/|$)/u, home)))
}
