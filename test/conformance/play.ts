import { join } from 'node:path'
import type { Answer, Case, Verb } from './case.ts'
import { normalise, withoutJobsOut } from './normalise.ts'
import type { Stage } from './stage.ts'

/** The two programs that play a case. */
export type Player = 'ansible' | 'errand'

/** The built command line of errand. */
export const ERRAND = join(import.meta.dirname, '../../dist/errand')

const ANSIBLE: Readonly<Record<Verb, string>> = {
  run: 'ansible-playbook',
  exec: 'ansible',
  inventory: 'ansible-inventory',
}

/** After so long a program is taken to hang. */
const LIMIT_MS = 120_000

/** Plays a case with one of the programs on clean hosts. */
export async function play(entry: Case, player: Player, stage: Stage): Promise<Answer> {
  const directory = await stage.set(entry)
  const program = player === 'ansible' ? ANSIBLE[entry.verb] : `'${ERRAND}' ${entry.verb}`
  const env = { ...stage.environment(), ...environmentOf(player, stage) }
  const result = await stage.lab.run(['sh', '-c', `exec ${program} ${entry.words}`], {
    cwd: directory,
    env,
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  await stage.clear(directory)
  const around = { directory, home: stage.lab.home, network: stage.network }
  const stdout = player === 'errand' ? withoutJobsOut(result.stdout) : result.stdout
  return {
    stdout: normalise(stdout, around, entry.chapter),
    stderr: normalise(result.stderr, around, entry.chapter),
    exit: result.code,
  }
}

/** Puts errand's agents on the hosts, so that no case has to. */
export async function installAgents(stage: Stage): Promise<void> {
  const argv = [ERRAND, 'install', '-i', 'web1,web2,db1,', 'all']
  const env = { ...stage.environment(), ...environmentOf('errand', stage) }
  const installed = await stage.lab.run(argv, { env, cwd: stage.lab.directory })
  if (installed.code !== 0) {
    throw new Error(
      `errand install ended with ${installed.code}: ${installed.stdout}${installed.stderr}`,
    )
  }
}

/** Ends the controller that errand's command line started. */
export async function stopController(stage: Stage): Promise<void> {
  const env = { ...stage.environment(), ...environmentOf('errand', stage) }
  await stage.lab.run([ERRAND, 'controller', 'stop'], { env, cwd: stage.lab.directory })
}

function environmentOf(player: Player, stage: Stage): NodeJS.ProcessEnv {
  if (player === 'errand') return { ERRAND_HOME: join(stage.lab.directory, 'errand') }
  return {
    // OpenSSH takes the home folder from the account, not from HOME
    ANSIBLE_SSH_ARGS: `-F ${stage.sshConfig} -o ControlMaster=auto -o ControlPersist=60s`,
    ANSIBLE_PIPELINING: '1',
  }
}
