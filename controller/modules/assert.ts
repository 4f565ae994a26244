import { isList, newMap, type Value } from '../../proto/value.ts'
import { typeName } from '../template/python/types.ts'
import { TemplateError } from '../template/templates.ts'
import { answer, type ControllerCall, type ControllerModule, refusesByName } from './module.ts'

/** Fails unless all conditions hold. */
export const assertModule: ControllerModule = {
  kind: 'controller',
  name: 'assert',
  isFreeForm: false,
  refuses: refusesByName,
  options: {
    that: { type: 'raw' },
    fail_msg: { type: 'raw', aliases: ['msg'] },
    success_msg: { type: 'raw' },
    quiet: { type: 'bool', default: false },
  },
  run: async (call) => {
    const { args } = call
    if (!args.has('that')) throw actionError('conditional required in "that" string')
    checkMessage('fail_msg or msg', args.get('fail_msg'))
    checkMessage('success_msg', args.get('success_msg'))
    const result = newMap(args.get('quiet') === true ? [] : [['_ansible_verbose_always', true]])
    for (const that of conditions(call.rawArgs.get('that') ?? args.get('that') ?? null, (value) =>
      call.render(value),
    )) {
      if (holds(call, that)) continue
      result.set('failed', true)
      result.set('evaluated_to', false)
      result.set('assertion', that)
      result.set('msg', args.get('fail_msg') ?? 'Assertion failed')
      return answer(result)
    }
    result.set('changed', false)
    result.set('msg', args.get('success_msg') ?? 'All assertions passed')
    return answer(result)
  },
}

function checkMessage(name: string, message: Value | undefined): void {
  if (message === undefined || typeof message === 'string') return
  if (!isList(message)) {
    const type = `<class '${typeName(message)}'>`
    const said = `Incorrect type for ${name}, expected a string or list and got ${type}`
    throw actionError(said)
  }
  if (message.every((part) => typeof part === 'string')) return
  const said = `Type of one of the elements in ${name} list is not string type`
  throw actionError(said)
}

/** What is wrong with a condition is told without the place of the task, as it is the module that asks. */
function holds(call: ControllerCall, that: Value): boolean {
  try {
    return call.test(that)
  } catch (error) {
    if (error instanceof TemplateError) throw actionError(error.ansible)
    throw error
  }
}

/** An error that is the whole result, beside its sentence. */
function actionError(words: string): TemplateError {
  return new TemplateError('AnsibleError', { message: words, ansible: words, source: '' })
}

/** Conditions stay as written; a text that is a template may yield a list of them. */
function conditions(that: Value, render: (value: Value) => Value): readonly Value[] {
  const whole = typeof that === 'string' ? render(that) : that
  return isList(whole) ? whole : [whole]
}
