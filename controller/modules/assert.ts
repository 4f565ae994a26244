import { isList, newMap, type Value } from '../../proto/value.ts'
import { answer, type ControllerModule, refusesByName } from './module.ts'

/** Fails unless all conditions hold. */
export const assertModule: ControllerModule = {
  kind: 'controller',
  name: 'assert',
  isFreeForm: false,
  refuses: refusesByName,
  options: {
    that: { type: 'raw', isRequired: true },
    fail_msg: { type: 'raw', aliases: ['msg'] },
    success_msg: { type: 'raw' },
    quiet: { type: 'bool', default: false },
  },
  run: async (call) => {
    const { args } = call
    const result = newMap([['changed', false]])
    if (args.get('quiet') !== true) result.set('_ansible_verbose_always', true)
    for (const that of conditions(call.rawArgs.get('that') ?? args.get('that') ?? null, (value) =>
      call.render(value),
    )) {
      if (call.test(that)) continue
      result.set('failed', true)
      result.set('evaluated_to', false)
      result.set('assertion', that)
      result.set('msg', args.get('fail_msg') ?? 'Assertion failed')
      return answer(result)
    }
    result.set('msg', args.get('success_msg') ?? 'All assertions passed')
    return answer(result)
  },
}

/** Conditions stay as written; a text that is a template may yield a list of them. */
function conditions(that: Value, render: (value: Value) => Value): readonly Value[] {
  const whole = typeof that === 'string' ? render(that) : that
  return isList(whole) ? whole : [whole]
}
