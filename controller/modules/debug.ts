import { mapOf, isList, isMap, newMap, type Value } from '../../proto/value.ts'
import { TemplateError } from '../template/templates.ts'
import { textOf } from './arguments.ts'
import {
  answer,
  failure,
  type ControllerCall,
  type ControllerModule,
  refusesByName,
} from './module.ts'

/** Prints a message or a variable. */
export const debug: ControllerModule = {
  kind: 'controller',
  name: 'debug',
  isFreeForm: false,
  refuses: refusesByName,
  options: {
    msg: { type: 'raw', takesNull: true },
    var: { type: 'raw' },
    verbosity: { type: 'int', default: 0 },
  },
  run: async (call) => {
    const { args } = call
    if (args.has('msg') && args.has('var'))
      return failure("'msg' and 'var' are incompatible options")
    if (Number(args.get('verbosity')) > call.verbosity) {
      return answer(
        mapOf({
          skipped: true,
          skipped_reason: 'Verbosity threshold not met.',
          failed: false,
        }),
      )
    }
    const result = newMap([['_ansible_verbose_always', true]])
    const shown = args.get('var')
    if (shown === undefined)
      result.set('msg', args.has('msg') ? (args.get('msg') ?? null) : 'Hello world!')
    else result.set(keyOf(shown), valueOf(shown, call))
    return answer(result)
  },
}

/** The result's key: the expression; for data its Python type. */
function keyOf(shown: Value): string {
  if (typeof shown === 'boolean') return String(shown)
  if (isList(shown)) return "<class 'list'>"
  return isMap(shown) ? "<class 'dict'>" : textOf(shown)
}

/** What the expression comes to; what comes to itself is taken for undefined, as in Ansible. */
function valueOf(shown: Value, call: ControllerCall): Value {
  if (typeof shown !== 'string') return notDefined('', call)
  try {
    const value = call.render(`{{${shown}}}`)
    return value === shown ? notDefined('', call) : value
  } catch (error) {
    if (!(error instanceof TemplateError) || error.kind !== 'UndefinedError') throw error
    return notDefined(error.ansible, call)
  }
}

function notDefined(why: string, { verbosity }: ControllerCall): string {
  return verbosity > 0 ? `VARIABLE IS NOT DEFINED!: ${why}` : 'VARIABLE IS NOT DEFINED!'
}
