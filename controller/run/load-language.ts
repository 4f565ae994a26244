import { resolve } from 'node:path'
import { existsSync } from 'node:fs'
import { ErrandError } from '../../proto/errors.ts'
import { stringifyJson } from '../../proto/json-text.ts'
import { addAll, newMap, type ValueMap } from '../../proto/value.ts'
import type { AdhocRequest, RunRequest } from '../../proto/run.ts'
import { GroupNames } from '../inventory/group-names.ts'
import {
  emptyInventoryWarnings,
  loadInventory,
  type PluginSurroundings,
} from '../inventory/load-inventory.ts'
import { readLimit } from '../inventory/match-hosts.ts'
import { isKnownModule, moduleNames } from '../modules/registry.ts'
import { canonicalModule } from '../playbook/module-names.ts'
import { nearest } from '../playbook/nearest.ts'
import type { ParentNode, Playbook } from '../playbook/playbook.ts'
import { playOf } from '../playbook/lineage.ts'
import { PlaybookLoader } from '../playbook/playbook-loader.ts'
import { textOf } from '../modules/arguments.ts'
import { parseExtraVars } from '../vars/extra-vars.ts'
import { VarsFolders } from '../vars/vars-folders.ts'
import { SourceFiles } from '../yaml/source-files.ts'
import { Vault } from '../yaml/vault.ts'
import type { Language } from './language.ts'
import { modulePlaces } from './module-places.ts'
import type { InstalledModules } from './ports.ts'
import { pluginPlaces } from './plugin-places.ts'
import { RunLanguage } from './run-language.ts'
import { recallAnswer } from './recall-answer.ts'
import { recordedAlike, sameAsBefore } from './same-as-before.ts'
import type { RunContext } from './run-context.ts'

/**
 * Reads everything that the request names: inventories, extra variables, playbooks.
 *
 * @throws {ErrandError} what is wrong with them, and where.
 */
export async function loadLanguage(context: RunContext): Promise<Language> {
  const { request, world, config } = context
  const warnings: string[] = []
  const onWarning = (message: string) => {
    warnings.push(message)
  }
  recordedAlike(context)
  const vault = new Vault(request.vaultPasswords)
  const files = new SourceFiles({ vault, onWarning, onSource: sameAsBefore(context) })
  const extraVars = once(() => parseExtraVars(request.extraVars, { files, cwd: request.cwd }))
  const inventoryOptions = {
    files,
    cwd: request.cwd,
    environment: request.environment,
    recall: recallAnswer(context),
    groupNames: new GroupNames(config.groupNameRule, onWarning),
    enabled: config.inventoryEnabled,
    refusal: refusalOf(config),
    around: pluginSurroundings(context, { files, extraVars }),
    signal: world.signal,
  }
  if (config.file !== undefined) files.readSource(config.file)
  const sources = inventorySources(context)
  const [inventory, installed, plugins] = await Promise.all([
    loadInventory(sources, inventoryOptions),
    world.modules.open(modulePlaces(request, config), { signal: world.signal }),
    world.plugins.open({ ...pluginPlaces(request, config), onWarning }, { signal: world.signal }),
  ])
  context.endsWith(plugins)
  if (inventory.hosts.size === 0) for (const text of warningsOfNoHosts(context)) onWarning(text)
  const language: RunLanguage = new RunLanguage({
    context,
    installed,
    plugins,
    files,
    inventory,
    groupNames: inventoryOptions.groupNames,
    extraVars: extraVars(),
    limit: limitOf(request, files),
    warnings,
    onWarning,
    loader: (knownLookups) =>
      openPlaybooks({
        context,
        files,
        installed,
        onWarning,
        knownLookups,
        language: () => language,
      }),
    reload: () => loadInventory(sources, inventoryOptions),
  })
  context.begin(language)
  language.take(loadPlaybooks(context, language.loader))
  return language
}

function openPlaybooks(parts: {
  readonly context: RunContext
  readonly files: SourceFiles
  readonly installed: InstalledModules
  readonly onWarning: (message: string) => void
  readonly knownLookups: (name: string) => boolean
  /** Not made yet: it is made with the loader. */
  readonly language: () => RunLanguage
}): PlaybookLoader {
  const { context, files, installed, onWarning, knownLookups, language } = parts
  const { config } = context
  return new PlaybookLoader({
    files,
    rolesPath: config.rolesPath,
    collectionsPath: [...config.collectionsPath, ...installed.collections],
    knownModules: (name) =>
      isKnownModule(name) || installed.find(canonicalModule(name)) !== undefined,
    nearestModule: (name) => nearest(name, moduleNames()),
    warn: onWarning,
    knownLookups,
    onFolder: (folder) => {
      language().addPluginsOf(folder)
    },
    renderStatic: (template, node) => renderStatic(language(), template, node),
  })
}

function refusalOf(config: RunContext['config']): 'any' | 'all' | 'never' {
  if (config.inventoryAnyUnparsedFails) return 'any'
  return config.inventoryUnparsedFails ? 'all' : 'never'
}

/** What inventory plugins see of a run that has not begun. */
function pluginSurroundings(
  context: RunContext,
  { files, extraVars }: { readonly files: SourceFiles; readonly extraVars: () => ValueMap },
): PluginSurroundings {
  return {
    extraVars,
    factsOf: (host) => context.factsBefore(host),
    varsBeside: (kind, name, sources) => {
      const folders = new VarsFolders(files)
      const vars = newMap()
      for (const folder of folders.besideSources(sources)) addAll(vars, folders[kind](folder, name))
      return vars
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

function limitOf({ limit, cwd }: RunRequest, files: SourceFiles): readonly string[] | undefined {
  if (limit === undefined) return undefined
  return readLimit(limit, { cwd, read: (path) => files.readSource(path) })
}

/** Who asks for this machine alone misses no inventory. */
function warningsOfNoHosts({ request, config }: RunContext): readonly string[] {
  const { nothingRead, nobodyThere } = emptyInventoryWarnings
  const isForHere = ['localhost', '127.0.0.1', '::1'].includes(request.adhoc?.pattern ?? 'all')
  return [
    ...(config.inventoryUnparsedWarning ? [nothingRead] : []),
    ...(config.localhostWarning && !isForHere ? [nobodyThere] : []),
  ]
}

/** Those of -i, else those of ansible.cfg, else the one of the system where there is one. */
function inventorySources({ request, config }: RunContext): readonly string[] {
  if (request.inventories.length > 0) return request.inventories
  if (config.inventory.length > 0) return config.inventory
  return [systemInventory].filter((path) => existsSync(path))
}

const systemInventory = '/etc/ansible/hosts'

function loadPlaybooks(context: RunContext, loader: PlaybookLoader): readonly Playbook[] {
  const { request } = context
  if (request.kind === 'adhoc') {
    if (!request.adhoc)
      throw new ErrandError('invalid', 'an ad-hoc run needs a pattern and a module')
    return [loader.adhoc(adhocTask(request.adhoc, request.cwd))]
  }
  return request.playbooks.map((name) => loader.loadPlaybook(name, request.cwd))
}

function adhocTask(adhoc: AdhocRequest, cwd: string) {
  const { pattern, module, args, argv, asyncSeconds, pollSeconds, timeoutSeconds } = adhoc
  const keywords = newMap()
  if (asyncSeconds > 0) keywords.set('async', asyncSeconds).set('poll', pollSeconds)
  if (timeoutSeconds !== undefined) keywords.set('timeout', timeoutSeconds)
  const baseDir = resolve(cwd, adhoc.playbookDir ?? '.')
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
