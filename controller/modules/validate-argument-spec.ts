import {
  mapOf,
  textEntries,
  textKeys,
  isList,
  isMap,
  newMap,
  type Value,
  type ValueMap,
} from '../../proto/value.ts'
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
    provided_arguments: { type: 'dict', default: newMap() },
    validate_args_context: { type: 'dict', default: newMap() },
  },
  run: async (call) => {
    const spec = mapOrEmpty(call.args.get('argument_spec'))
    const context = mapOrEmpty(call.args.get('validate_args_context'))
    const given = newMap([
      ...fromVariables(call, spec),
      ...mapOrEmpty(call.args.get('provided_arguments')),
    ])
    const errors = errorsIn(spec, given)
    if (errors.length === 0) {
      return answer(
        mapOf({
          changed: false,
          msg: 'The arg spec validation passed',
          validate_args_context: context,
        }),
      )
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
  return textKeys(spec).flatMap((name) => {
    if (!call.test(`${name} is defined`)) return []
    return [[name, call.render(`{{ ${name} }}`)] as const]
  })
}

function errorsIn(spec: ValueMap, given: ValueMap): readonly string[] {
  const { values, errors } = readOptions(optionTable(spec), given)
  return [
    ...errors,
    ...[...spec].flatMap(([name, one]) => errorsBelow(mapOrEmpty(one), values.get(name))),
  ]
}

/** A map, or each map of a list, has a specification of its own under `options`. */
function errorsBelow(option: ValueMap, value: Value | undefined): readonly string[] {
  const options = option.get('options')
  if (!isMap(options)) return []
  const maps = isList(value) ? value : [value]
  return maps.filter(isMap).flatMap((one) => errorsIn(options, one))
}

function optionTable(spec: ValueMap): OptionTable {
  return Object.fromEntries(
    textEntries(spec).map(([name, option]) => [name, optionOf(mapOrEmpty(option))]),
  )
}

const types: readonly OptionType[] = ['str', 'path', 'bool', 'int', 'float', 'list', 'dict', 'raw']

function optionOf(spec: ValueMap): Option {
  const choices = spec.get('choices')
  const aliases = spec.get('aliases')
  const required = spec.get('required')
  const fallback = spec.get('default')
  return {
    type: types.find((type) => type === spec.get('type')) ?? 'str',
    isRequired: required !== undefined && (readBool(required) ?? false),
    ...(fallback === undefined || fallback === null ? {} : { default: fallback }),
    ...(isList(choices) ? { choices: choices.map(textOf) } : {}),
    ...(isList(aliases) ? { aliases: aliases.map(textOf) } : {}),
  }
}

function mapOrEmpty(value: Value | undefined): ValueMap {
  return isMap(value) ? value : newMap()
}
