import { isList, isMap, newMap, type Value, type ValueMap } from '../../proto/value.ts'
import { readBool, readOptions, textOf } from './arguments.ts'
import { answer, failure, type ControllerCall, type ControllerModule } from './module.ts'
import type { Option, OptionType, OptionTable } from './module.ts'

/** Checks variables against a specification: what a role's argument_specs ask before it runs. */
export const validateArgumentSpec: ControllerModule = {
  kind: 'controller',
  name: 'validate_argument_spec',
  isFreeForm: false,
  options: {
    argument_spec: { type: 'dict', isRequired: true },
    provided_arguments: { type: 'dict', default: {} },
    validate_args_context: { type: 'dict', default: {} },
  },
  run: async (call) => {
    const spec = mapOf(call.args['argument_spec'])
    const context = mapOf(call.args['validate_args_context'])
    const given = newMap([
      ...fromVariables(call, spec),
      ...Object.entries(mapOf(call.args['provided_arguments'])),
    ])
    const errors = errorsIn(spec, given)
    if (errors.length === 0) {
      return answer({
        changed: false,
        msg: 'The arg spec validation passed',
        validate_args_context: context,
      })
    }
    return failure(`Validation of arguments failed:\n${errors.join('\n')}`, {
      changed: false,
      argument_errors: errors,
      argument_spec_data: spec,
      validate_args_context: context,
    })
  },
}

/** Variables of the names in the specification; those that are not defined were not given. */
function fromVariables(
  call: ControllerCall,
  spec: ValueMap,
): readonly (readonly [string, Value])[] {
  return Object.keys(spec).flatMap((name) => {
    if (!call.test(`${name} is defined`)) return []
    return [[name, call.render(`{{ ${name} }}`)] as const]
  })
}

function errorsIn(spec: ValueMap, given: ValueMap): readonly string[] {
  const { values, errors } = readOptions(optionTable(spec), given)
  return [
    ...errors,
    ...Object.entries(spec).flatMap(([name, one]) => errorsBelow(mapOf(one), values[name])),
  ]
}

/** A map, or each map of a list, has a specification of its own under `options`. */
function errorsBelow(option: ValueMap, value: Value | undefined): readonly string[] {
  const { options } = option
  if (!isMap(options)) return []
  const maps = isList(value) ? value : [value]
  return maps.filter(isMap).flatMap((one) => errorsIn(options, one))
}

function optionTable(spec: ValueMap): OptionTable {
  return Object.fromEntries(
    Object.entries(spec).map(([name, option]) => [name, optionOf(mapOf(option))]),
  )
}

const types: readonly OptionType[] = ['str', 'path', 'bool', 'int', 'float', 'list', 'dict', 'raw']

function optionOf(spec: ValueMap): Option {
  const { choices, aliases, required, default: fallback } = spec
  return {
    type: types.find((type) => type === spec['type']) ?? 'str',
    isRequired: required !== undefined && (readBool(required) ?? false),
    ...(fallback === undefined || fallback === null ? {} : { default: fallback }),
    ...(isList(choices) ? { choices: choices.map(textOf) } : {}),
    ...(isList(aliases) ? { aliases: aliases.map(textOf) } : {}),
  }
}

function mapOf(value: Value | undefined): ValueMap {
  return isMap(value) ? value : newMap()
}
