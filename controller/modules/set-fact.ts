import { textOf } from './arguments.ts'
import { ErrandError } from '../../proto/errors.ts'
import { mapOf, newMap, type Value } from '../../proto/value.ts'
import { readBool } from './arguments.ts'
import { answer, failure, type ControllerModule } from './module.ts'

/** Tells the run that they are facts as well, and kept like them. */
export const cacheableMark = '_ansible_facts_cacheable'

/** Sets variables of the host. Its options are whatever names the task gives. */
export const setFact: ControllerModule = {
  kind: 'controller',
  name: 'set_fact',
  isFreeForm: false,
  options: 'any',
  run: async (call) => {
    const facts = newMap()
    const isCacheable = readBool(call.args.get('cacheable') ?? false) ?? false
    for (const [written, value] of call.args) {
      if (written === 'cacheable') continue
      const name = textOf(call.render(written))
      if (!/^[A-Za-z_]\w*$/u.test(name)) {
        throw new ErrandError(
          'invalid',
          `The variable name '${name}' is not valid. Variables must start with a letter or underscore character, ` +
            'and contain only letters, numbers and underscores.',
        )
      }
      facts.set(name, call.isNative ? value : asBool(value))
    }
    if (facts.size === 0) {
      return failure(
        'No key/value pairs provided, at least one is required for this action to succeed',
      )
    }
    return answer(
      mapOf({
        ansible_facts: facts,
        ...(isCacheable ? { [cacheableMark]: true } : {}),
      }),
    )
  },
}

/** `yes` and `no` written as text in `k=v` arguments mean true and false. */
function asBool(value: Value): Value {
  if (typeof value !== 'string' || !/^(?:true|false|yes|no)$/iu.test(value)) return value
  return readBool(value) ?? value
}
