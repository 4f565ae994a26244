import { ErrandError } from '../../proto/errors.ts'
import { mapOf, isList, isMap, newMap, type Value } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { answer, failure, type ControllerModule } from './module.ts'

/** Prints a message or a variable. */
export const debug: ControllerModule = {
  kind: 'controller',
  name: 'debug',
  isFreeForm: false,
  options: {
    msg: { type: 'raw' },
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
    const result = newMap([
      ['_ansible_verbose_always', true],
      ['changed', false],
      ['failed', false],
    ])
    const shown = args.get('var')
    if (shown === undefined) result.set('msg', args.get('msg') ?? 'Hello world!')
    else
      result.set(
        keyOf(shown),
        valueOf(shown, (expression) => call.render(`{{ ${expression} }}`)),
      )
    return answer(result)
  },
}

/** The result's key: the expression; for data its Python type. */
function keyOf(shown: Value): string {
  if (isList(shown)) return "<class 'list'>"
  return isMap(shown) ? "<class 'dict'>" : textOf(shown)
}

function valueOf(shown: Value, render: (expression: string) => Value): Value {
  if (typeof shown !== 'string') return shown
  try {
    return render(shown)
  } catch (error) {
    if (error instanceof ErrandError && error.code === 'internal') throw error
    return 'VARIABLE IS NOT DEFINED!'
  }
}
