/** What Ansible says at -vv of a `meta` action that is done for a host. */
export function doneWords(action: string, host: string): string {
  return done[action]?.(host) ?? action
}

/** Why it was not done, where its condition did not hold. */
export function skipReason(action: string, host: string): string {
  return `${action} conditional evaluated to False${kept[action]?.(host) ?? ''}`
}

/** The `msg` of the result of an action that was not done. */
export function skipMessage(action: string, host: string): string {
  if (action !== 'end_host') return action
  return `end_host conditional evaluated to false, continuing execution for ${host}`
}

const done: Readonly<Record<string, (host: string) => string>> = {
  flush_handlers: (host) => `triggered running handlers for ${host}`,
  refresh_inventory: () => 'inventory successfully refreshed',
  clear_facts: () => 'facts cleared',
  clear_host_errors: () => 'cleared host errors',
  end_batch: () => 'ending batch',
  end_play: () => 'ending play',
  end_host: (host) => `ending play for ${host}`,
  reset_connection: () => 'reset connection',
}

const kept: Readonly<Record<string, (host: string) => string>> = {
  flush_handlers: (host) => `, not running handlers for ${host}`,
  clear_facts: (host) => `, not clearing facts and fact cache for ${host}`,
  clear_host_errors: (host) => `, not clearing host error state for ${host}`,
  end_batch: () => ', continuing current batch',
  end_play: () => ', continuing play',
  end_host: (host) => `, continuing execution for ${host}`,
}
