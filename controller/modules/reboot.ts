import { sentenceOf } from '../../proto/errors.ts'
import { mapOf, isList, type ValueMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import {
  answer,
  failure,
  type ControllerCall,
  type ControllerModule,
  refusesByName,
} from './module.ts'
import { outputText } from './output-text.ts'
import { exitCodeOfProgram } from './program.ts'

/** Boots the host anew and waits until it answers out of its next boot. */
export const reboot: ControllerModule = {
  kind: 'controller',
  name: 'reboot',
  isFreeForm: false,
  refuses: refusesByName,
  options: {
    pre_reboot_delay: { type: 'int', default: 0 },
    post_reboot_delay: { type: 'int', default: 0 },
    reboot_timeout: { type: 'int', default: 600 },
    connect_timeout: { type: 'int' },
    test_command: { type: 'str', default: 'whoami' },
    msg: { type: 'str', default: 'Reboot initiated by Ansible' },
    search_paths: {
      type: 'list',
      default: ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'],
    },
    boot_time_command: { type: 'str', default: 'cat /proc/sys/kernel/random/boot_id' },
    reboot_command: { type: 'str' },
  },
  run: async (call) => {
    if (call.render('{{ ansible_connection | ansible.builtin.default("ssh") }}') === 'local')
      return failure('Running reboot with local connection would reboot the control node.', {
        changed: false,
        elapsed: 0,
        rebooted: false,
      })
    if (call.checkMode) return answer(mapOf({ changed: true, elapsed: 0, rebooted: true }))
    const startedAtMs = call.runOn.nowMs()
    const elapsed = () => Math.floor((call.runOn.nowMs() - startedAtMs) / 1000)
    const before = await bootOf(call)
    const refused = await goDown(call)
    if (refused !== undefined)
      return failure(refused, { changed: false, elapsed: elapsed(), rebooted: false })
    const post = Number(call.args.get('post_reboot_delay'))
    if (post > 0) await call.runOn.sleep(post * 1000)
    const untilMs = call.runOn.nowMs() + Number(call.args.get('reboot_timeout')) * 1000
    const problem = await untilBack(call, { before, untilMs })
    if (problem === undefined)
      return answer(mapOf({ changed: true, elapsed: elapsed(), rebooted: true }))
    return failure(problem, { changed: true, elapsed: elapsed(), rebooted: true })
  },
}

const askAgainMs = 1000

function shell(line: string) {
  return { kind: 'command', argv: ['/bin/sh', '-c', line], checkOnly: false } as const
}

async function bootOf(call: ControllerCall): Promise<string> {
  const end = await call.runOn.command(shell(textOf(call.args.get('boot_time_command') ?? '')))
  return outputText(end.stdout).trim()
}

/** Undefined when the host goes down; that it was not there to tell the end of the command is one way of it. */
async function goDown(call: ControllerCall): Promise<string | undefined> {
  try {
    const end = await call.runOn.command(shell(rebootLine(call.args)))
    if (end.report.state.kind !== 'failed') return undefined
    const said = [outputText(end.stdout), outputText(end.stderr)].map((text) => text.trim())
    return exitCodeOfProgram(end) < 0
      ? undefined
      : `Reboot command failed. Error was: '${said.join(', ')}'`
  } catch (error) {
    call.signal.throwIfAborted()
    return error instanceof Error && error.name === 'HostUnreachable'
      ? undefined
      : sentenceOf(error)
  }
}

function rebootLine(args: ValueMap): string {
  const paths = args.get('search_paths')
  const path = isList(paths) ? paths.map(textOf).join(':') : ''
  const minutes = Math.floor(Number(args.get('pre_reboot_delay')) / 60)
  const message = textOf(args.get('msg') ?? '').replaceAll("'", `'"'"'`)
  const written = args.get('reboot_command')
  const line = written === undefined ? `shutdown -r ${minutes} '${message}'` : textOf(written)
  return `PATH='${path}':"$PATH"; ${line}`
}

/** Waits for another boot than `before` in which the test command succeeds; says what kept it from that. */
async function untilBack(
  call: ControllerCall,
  { before, untilMs }: { readonly before: string; readonly untilMs: number },
): Promise<string | undefined> {
  let problem = 'the host has not gone down'
  while (call.runOn.nowMs() < untilMs) {
    try {
      const boot = await bootOf(call)
      if (boot !== '' && boot !== before) {
        const end = await call.runOn.command(shell(textOf(call.args.get('test_command') ?? '')))
        if (end.report.state.kind === 'succeeded') return undefined
        problem = `the test command failed: ${outputText(end.stderr).trim()}`
      }
    } catch (error) {
      call.signal.throwIfAborted()
      problem = sentenceOf(error)
    }
    call.runOn.reconnect()
    await call.runOn.sleep(askAgainMs)
  }
  const seconds = Number(call.args.get('reboot_timeout'))
  return `Timed out waiting for the host to come back (timeout=${seconds}): ${problem}`
}
