import { resolve } from 'node:path'
import { ErrandError } from '../../proto/errors.ts'
import { stringifyJson } from '../../proto/json-text.ts'
import { isList } from '../../proto/value.ts'
import type { Value, ValueMap } from '../../proto/value.ts'
import { readVarsFile } from '../playbook/vars-files.ts'
import type { Play } from '../playbook/playbook.ts'
import { TemplateError, toText } from '../template/templates.ts'
import type { SourceFiles } from '../yaml/source-files.ts'

/**
 * The variables of a play's vars_files, in their order. An entry that is a list means the first file of it that is
 * there. An entry whose name needs a variable that is not there (a fact, before facts are gathered) is left out.
 *
 * @throws {ErrandError} `not_found` for a file that is not there.
 */
export function findVarsFiles(
  play: Play,
  options: { readonly files: SourceFiles; readonly render: (name: Value) => Value },
): readonly ValueMap[] {
  return play.varsFiles.flatMap((entry) => {
    try {
      const names = isList(entry) ? entry : [entry]
      const path = names
        .map((name) => find(options.render(name), play, options.files))
        .find((one) => one)
      if (path !== undefined) return [readVarsFile(options.files, path)]
    } catch (error) {
      if (error instanceof TemplateError && error.kind === 'UndefinedError') return []
      throw error
    }
    throw new ErrandError('not_found', `vars file ${toText(entry)} was not found`)
  })
}

function find(name: Value, play: Play, files: SourceFiles): string | undefined {
  if (typeof name !== 'string') {
    throw new ErrandError('invalid', `vars_files names files, got ${stringifyJson(name)}`)
  }
  return [resolve(play.baseDir, 'vars', name), resolve(play.baseDir, name)].find((path) =>
    files.isFile(path),
  )
}
