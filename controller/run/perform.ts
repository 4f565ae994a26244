import { ErrandError } from '../../proto/errors.ts'
import { addAll, isMap, newMap, textEntries, type ValueMap } from '../../proto/value.ts'
import { checkArguments } from '../modules/arguments.ts'
import { answer, failure, type Answer, type Ask, type ModuleDefinition } from '../modules/module.ts'
import { invocationOfTask, withInvocation } from '../modules/invocation.ts'
import { withLines } from '../modules/output-text.ts'
import { installedModule } from '../modules/installed-module.ts'
import { findModule, plainName } from '../modules/registry.ts'
import type { Attempt } from './attempt.ts'
import { withHost } from './host-away.ts'
import { hostCall } from './host-call.ts'
import { accumulated } from './keywords.ts'
import { pollToEnd, launch } from './async.ts'
import { pickedUp } from './picked-up.ts'
import type { RenderedArgs } from '../vars/render-args.ts'
import { controllerCall } from './run-port.ts'
import { runSync, type Reached } from './job.ts'
import { pythonClass } from '../template/python/python-class.ts'
import { TemplateError } from '../template/templates.ts'
import { endsRun } from './task-error.ts'
import { reachForTransfer } from './transfer.ts'

/** Runs the module once and gives what it answered, asynchronous waiting included. */
export async function perform(attempt: Attempt): Promise<Answer> {
  const { settings } = attempt
  const known = await pickedUp(attempt)
  if (known) return known
  const module = moduleOf(attempt)
  const given = withDefaults(attempt, readArgs(attempt, module))
  if (module.kind === 'controller' && settings.asyncSeconds > 0) {
    throw new ErrandError('invalid', 'async is not supported for this task.')
  }
  try {
    return await answerOf(attempt, { module, given })
  } catch (error) {
    const refused = refusal(attempt, error)
    if (module.kind === 'controller') return refused
    return { ...refused, result: withInvocation(refused.result, invocationOfTask(module, given)) }
  }
}

/** errand's own module of that name, or the installed one. */
function moduleOf({ env }: Attempt): ModuleDefinition {
  const name = env.task.fullName ?? env.task.module
  const own = findModule(name)
  if (own) return own
  const plain = plainName(name)
  if (env.play.context.language.installed.find(plain)) return installedModule(plain)
  throw new ErrandError(
    'unsupported',
    `The module ${name} was not found in configured module paths`,
  )
}

async function answerOf(
  attempt: Attempt,
  { module, given }: { readonly module: ModuleDefinition; readonly given: RenderedArgs },
): Promise<Answer> {
  const args = checkArguments(module, given.map, attempt.env.task.module)
  const shared = { attempt, args, given }
  if (module.kind === 'controller') return module.run(controllerCall(shared))
  const invocation = invocationOfTask(module, given)
  const work = async (reached: Reached): Promise<Answer> => {
    const asked = await module.ask(hostCall({ ...shared, reached }))
    return asked.kind === 'answer'
      ? { ...asked, result: withLines(withInvocation(asked.result, invocation)) }
      : answerOfJob(attempt, reached, invocation ? telling(asked, invocation) : asked)
  }
  return module.isTransfer ? work(await reachForTransfer(attempt)) : withHost(attempt, work)
}

function telling(ask: Ask, invocation: ValueMap): Ask {
  return { ...ask, reading: { ...ask.reading, invocation } }
}

async function answerOfJob(attempt: Attempt, reached: Reached, asked: Ask): Promise<Answer> {
  const { asyncSeconds, pollSeconds } = attempt.settings
  if (asyncSeconds <= 0) return answer(await runSync(attempt, reached, asked))
  const launched = await launch(attempt, reached, asked)
  if (pollSeconds <= 0) return answer(launched.result)
  return answer(await pollToEnd(attempt, launched.job))
}

/** What a module cannot do is its result; a template in a file it renders, too. */
function refusal(attempt: Attempt, error: unknown): Answer {
  const { env } = attempt
  if (!(error instanceof ErrandError) || endsRun(error, env.play.context.world.signal)) throw error
  if (error.code === 'internal') throw error
  if (!(error instanceof TemplateError)) return failure(error.message)
  if (plainName(env.task.module) !== 'template') throw error
  const type = pythonClass(error.kind).replace(/^.*\./u, '')
  return failure(`${type}: ${error.ansible}`)
}

function readArgs(attempt: Attempt, module: ModuleDefinition): RenderedArgs {
  const { env, scope } = attempt
  const args = env.play.context.language.args(env.task, scope)
  if (args.freeForm === undefined || module.isFreeForm) return args
  throw new ErrandError(
    'invalid',
    `the module ${env.task.module} takes no free text, got ${JSON.stringify(args.freeForm)}`,
  )
}

/** `module_defaults` below what the task gives. */
function withDefaults(attempt: Attempt, args: RenderedArgs): RenderedArgs {
  const { env, scope } = attempt
  const name = plainName(env.task.module)
  const map = newMap()
  for (const part of accumulated(env.task, 'module_defaults')) {
    const rendered = env.play.context.language.render(part, scope)
    if (!isMap(rendered)) continue
    for (const [module, values] of textEntries(rendered)) {
      if (plainName(module) === name && isMap(values)) addAll(map, values)
    }
  }
  addAll(map, args.map)
  return { ...args, map }
}
