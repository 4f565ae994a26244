import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { isMap } from '../../proto/value.ts'
import type { SourceFiles } from '../yaml/source-files.ts'
import type { YamlDocument } from '../yaml.ts'
import { InventoryBuilder } from './inventory-builder.ts'
import { namesPlugin, readPlugin, shortName, type PluginTools } from './plugins/read-plugin.ts'
import { readIni } from './read-ini.ts'
import { readScript, type ScriptOptions } from './read-script.ts'
import { readYaml } from './read-yaml.ts'
import type { Readers } from './readers.ts'

export interface FileReading {
  readonly files: SourceFiles
  readonly builder: InventoryBuilder
  readonly readers: Readers
  readonly script: ScriptOptions
  /** Asked once a file turns out to be options for a plugin. */
  readonly plugin: () => PluginTools
}

/**
 * Reads one file of whatever kind it is.
 *
 * @throws {ErrandError} `syntax`, `invalid` when it cannot be read as what it looks like.
 */
export async function readInventoryFile(path: string, reading: FileReading): Promise<void> {
  const { files, readers, builder } = reading
  if (readers.has('script') && isScript(path, files)) return readScript(path, reading.script)
  const document = yamlOf(path, reading)
  if (document === undefined) {
    if (readers.has('ini')) return readIni(files.readSource(path), path, builder)
    throw new ErrandError('invalid', `no inventory plugin that is enabled reads ${path}`)
  }
  const { value } = document
  if (namesPlugin(value) && mayBePlugin(value, path, readers)) {
    return readPlugin(value, path, reading.plugin())
  }
  readYaml(document, builder, (message) => {
    files.warn(message)
  })
}

function mayBePlugin(
  value: ReadonlyMap<unknown, unknown>,
  path: string,
  readers: Readers,
): boolean {
  return readers.mayBePlugin(extname(path), shortName(String(value.get('plugin'))))
}

/** A file that may be run is a script when it says by what; else the mark comes from a careless copy. */
function isScript(path: string, files: SourceFiles): boolean {
  if (!files.isExecutable(path)) return false
  const head = readFileSync(path).subarray(0, 4).toString('latin1')
  return head.startsWith('#!') || head === '\u007fELF'
}

/** The document when the file is YAML; a file without a known extension is, when it reads as a mapping. */
function yamlOf(path: string, reading: FileReading): YamlDocument | undefined {
  const { files, readers } = reading
  const extension = extname(path)
  if (['.yml', '.yaml', '.json'].includes(extension)) return yamlByName(path, reading)
  if (extension === '.config') return pluginConfig(path, reading)
  if (extension !== '' || !readers.has('yaml')) return undefined
  const text = files.readText(path)
  const looksLikeYaml = /^---\s*$|^[\w.-]+:\s*(?:#.*)?$/mu.test(text)
  if (looksLikeYaml && !/^\[/mu.test(text)) return files.parse(path)
  const document = parsed(path, files) // INI, most likely
  return document && isMap(document.value) ? document : undefined
}

/** The document of a file with a name of YAML; undefined when what is in it is INI after all. */
function yamlByName(path: string, { files, readers }: FileReading): YamlDocument | undefined {
  if (!readers.has('ini')) return files.parse(path)
  const document = parsed(path, files)
  if (document && (isMap(document.value) || !isIni(files.readText(path), path))) return document
  return isIni(files.readText(path), path) ? undefined : files.parse(path)
}

/** Only a plugin that is enabled by its own name reads `.config`. */
function pluginConfig(path: string, { files, readers }: FileReading): YamlDocument | undefined {
  if (!readers.has('constructed') && !readers.has('generator')) return undefined
  const document = parsed(path, files)
  return document && namesPlugin(document.value) ? document : undefined
}

function parsed(path: string, files: SourceFiles): YamlDocument | undefined {
  try {
    return files.parse(path)
  } catch (error) {
    if (isSyntaxError(error)) return undefined
    throw error
  }
}

function isIni(text: string, path: string): boolean {
  try {
    readIni(text, path, new InventoryBuilder([path]))
    return true
  } catch (error) {
    if (isSyntaxError(error)) return false
    throw error
  }
}

function isSyntaxError(error: unknown): boolean {
  return error instanceof ErrandError && error.code === 'syntax'
}
