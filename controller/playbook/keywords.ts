/** Which keywords may stand where, by Ansible's names. */

const everywhere = [
  'name',
  'connection',
  'port',
  'remote_user',
  'vars',
  'module_defaults',
  'environment',
  'no_log',
  'run_once',
  'ignore_errors',
  'ignore_unreachable',
  'check_mode',
  'diff',
  'any_errors_fatal',
  'throttle',
  'timeout',
  'debugger',
  'become',
  'become_method',
  'become_user',
  'become_flags',
  'become_exe',
  'tags',
  'collections',
] as const

const taskOnly = [
  'action',
  'local_action',
  'args',
  'async',
  'poll',
  'changed_when',
  'failed_when',
  'delay',
  'retries',
  'until',
  'loop',
  'loop_control',
  'loop_with',
  'register',
  'notify',
  'delegate_to',
  'delegate_facts',
  'when',
] as const

export const playKeywords: ReadonlySet<string> = new Set([
  ...everywhere,
  'hosts',
  'user',
  'gather_facts',
  'gather_subset',
  'gather_timeout',
  'fact_path',
  'vars_files',
  'vars_prompt',
  'roles',
  'handlers',
  'pre_tasks',
  'tasks',
  'post_tasks',
  'force_handlers',
  'max_fail_percentage',
  'serial',
  'strategy',
  'order',
  'validate_argspec',
])

export const blockKeywords: ReadonlySet<string> = new Set([
  ...everywhere,
  'when',
  'block',
  'rescue',
  'always',
  'delegate_to',
  'delegate_facts',
  'notify',
])

export const taskKeywords: ReadonlySet<string> = new Set([...everywhere, ...taskOnly])

/** Of a play that is one task, those that are the task's alone. */
export const onlyTaskKeywords: ReadonlySet<string> = new Set(taskOnly)

export const handlerKeywords: ReadonlySet<string> = new Set([...everywhere, ...taskOnly, 'listen'])

/** What is none of these in an entry of `roles:` is a parameter. */
export const roleKeywords: ReadonlySet<string> = new Set([
  ...everywhere,
  'role',
  'when',
  'delegate_to',
  'delegate_facts',
])

export const importPlaybookKeywords: ReadonlySet<string> = new Set([...everywhere, 'when'])

/** include_tasks and include_role: the rest goes below `apply`. */
export const includeKeywords: ReadonlySet<string> = new Set([
  'action',
  'local_action',
  'args',
  'collections',
  'debugger',
  'ignore_errors',
  'listen',
  'loop',
  'loop_control',
  'loop_with',
  'name',
  'no_log',
  'register',
  'run_once',
  'tags',
  'timeout',
  'vars',
  'when',
])

/** Keywords whose value is a list, however it was written. */
export const listKeywords: ReadonlySet<string> = new Set([
  'when',
  'tags',
  'notify',
  'listen',
  'until',
  'failed_when',
  'changed_when',
])

/** What has a field of its own in a node, and is therefore not among its keywords. */
export const structureKeywords: ReadonlySet<string> = new Set([
  'name',
  'vars',
  'hosts',
  'roles',
  'handlers',
  'pre_tasks',
  'tasks',
  'post_tasks',
  'vars_files',
  'vars_prompt',
  'block',
  'rescue',
  'always',
  'role',
  'action',
  'local_action',
  'args',
  'loop',
  'loop_with',
])
