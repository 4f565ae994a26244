import { mapOf, isMap, newMap, type ValueMap } from '../../proto/value.ts'
import { answer, failure, type HostCall, type HostModule, type OptionTable } from './module.ts'
import { askOperation } from './operation.ts'

/** A module that the agent has an operation of the same name and options for. */
function plain(name: string, options: OptionTable): HostModule {
  return {
    kind: 'host',
    name,
    isFreeForm: false,
    options,
    toldArgs: ({ map }) => map,
    ask: async (call) => askOperation(name, operationArgs(call)),
  }
}

/** The arguments as the agent takes them: the module's, and whether to change anything and to tell differences. */
export function operationArgs(call: HostCall, more: ValueMap = newMap()): ValueMap {
  return newMap([...call.args, ...more, ['_check', call.checkMode], ['_diff', call.diffMode]])
}

const setupOptions: OptionTable = {
  gather_subset: { type: 'list', default: ['all'] },
  gather_timeout: { type: 'int', default: 10 },
  filter: { type: 'list', default: [] },
  fact_path: { type: 'path', default: '/etc/ansible/facts.d' },
}

/** Facts of the host. */
export const setup: HostModule = plain('setup', setupOptions)

/** Facts of the host, as a play gathers them. */
export const gatherFacts: HostModule = {
  kind: 'host',
  name: 'gather_facts',
  legacyName: 'ansible.legacy.setup',
  isFreeForm: false,
  options: { ...setupOptions, parallel: { type: 'bool' } },
  ask: async (call) => askOperation('setup', operationArgs(call, mapOf({ _is_gathering: true }))),
}

/** Answers with its data: the agent is there. */
export const ping: HostModule = {
  kind: 'host',
  name: 'ping',
  isFreeForm: false,
  options: { data: { type: 'str', default: 'pong' } },
  toldArgs: ({ map }) => map,
  ask: async (call) => {
    if (call.args.get('data') === 'crash') return failure('boom')
    return askOperation('ping', operationArgs(call))
  },
}

/** A file's bytes, in base64. */
export const slurp: HostModule = plain('slurp', {
  src: { type: 'path', isRequired: true, aliases: ['path'] },
})

/** What is known of a path. */
export const stat: HostModule = plain('stat', {
  path: { type: 'path', isRequired: true, aliases: ['dest', 'name'] },
  follow: { type: 'bool', default: false },
  get_checksum: { type: 'bool', default: true },
  get_md5: { type: 'bool', default: false },
  get_mime: { type: 'bool', default: true, aliases: ['mime', 'mime_type', 'mime-type'] },
  get_attributes: { type: 'bool', default: true, aliases: ['attr', 'attributes'] },
  checksum_algorithm: {
    type: 'str',
    default: 'sha1',
    choices: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
    aliases: ['checksum', 'checksum_algo'],
  },
})

/** Waits for a port, a file or a text. */
export const waitFor: HostModule = {
  ...plain('wait_for', {
    host: { type: 'str', default: '127.0.0.1' },
    timeout: { type: 'int', default: 300 },
    connect_timeout: { type: 'int', default: 5 },
    delay: { type: 'int', default: 0 },
    port: { type: 'int' },
    active_connection_states: {
      type: 'list',
      default: ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'],
    },
    path: { type: 'path' },
    search_regex: { type: 'str' },
    state: {
      type: 'str',
      default: 'started',
      choices: ['absent', 'drained', 'present', 'started', 'stopped'],
    },
    exclude_hosts: { type: 'list' },
    sleep: { type: 'int', default: 1 },
    msg: { type: 'str' },
  }),
  ask: async (call) => {
    const { args } = call
    if (args.has('port') && args.has('path')) {
      return failure('port and path parameter can not both be passed to wait_for', { elapsed: 0 })
    }
    if (call.checkMode) {
      return answer(
        mapOf({
          changed: false,
          skipped: true,
          msg: 'remote module (wait_for) does not support check mode',
        }),
      )
    }
    return askOperation('wait_for', operationArgs(call))
  },
}

/** A result's own map under a key, for what an operation nests. */
export function nested(result: ValueMap, key: string): ValueMap {
  const value = result.get(key)
  return isMap(value) ? value : newMap()
}
