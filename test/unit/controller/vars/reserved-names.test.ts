import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isReserved } from '../../../../controller/vars/reserved-names.ts'

/** What Ansible 2.14.18 says of itself: its reserved names, and the globals of its templates. */
const theirs =
  'action always any_errors_fatal args async async_val become become_exe become_flags become_method become_user block changed_when check_mode collections connection debugger delay delegate_facts delegate_to diff environment fact_path failed_when force_handlers gather_facts gather_subset gather_timeout handlers hosts ignore_errors ignore_unreachable local_action loop loop_control loop_with max_fail_percentage module_defaults name no_log notify order poll port post_tasks pre_tasks register remote_user rescue retries roles run_once serial strategy tags tasks throttle timeout until vars_files vars_prompt when with_ cycler dict joiner lipsum lookup namespace now q query range undef'

test('isReserved() knows the names that Ansible warns of', () => {
  assert.deepEqual(
    theirs.split(' ').filter((name) => !isReserved(name)),
    [],
  )
  const others = ['vars', 'listen', 'user', 'role', 'item', 'apply', 'omit', 'validate_argspec']
  assert.deepEqual(others.filter(isReserved), [])
})
