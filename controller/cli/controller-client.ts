import { credentials } from '@grpc/grpc-js'
import { callUnary, type UnaryMethod } from '../../proto/call.ts'
import { runFromWire, statusFromWire } from '../../proto/control-codec.ts'
import {
  inventoryAnswerFromJson,
  promptsFromJson,
  settingsFromJson,
} from '../../proto/control-json.ts'
import type { ControllerStatus, RunSummary } from '../../proto/control.ts'
import { ErrandError } from '../../proto/errors.ts'
import type { AnswerRunReply__Output } from '../../proto/gen/errand/control/v1/AnswerRunReply.ts'
import type { AnswerRunRequest } from '../../proto/gen/errand/control/v1/AnswerRunRequest.ts'
import type { FindRunRequest } from '../../proto/gen/errand/control/v1/FindRunRequest.ts'
import type { Run__Output } from '../../proto/gen/errand/control/v1/Run.ts'
import type { ControlClient } from '../../proto/gen/errand/control/v1/Control.ts'
import type { StartRunReply__Output } from '../../proto/gen/errand/control/v1/StartRunReply.ts'
import type { StartRunRequest } from '../../proto/gen/errand/control/v1/StartRunRequest.ts'
import type { StatusReply__Output } from '../../proto/gen/errand/control/v1/StatusReply.ts'
import type { StatusRequest } from '../../proto/gen/errand/control/v1/StatusRequest.ts'
import type { StopReply__Output } from '../../proto/gen/errand/control/v1/StopReply.ts'
import type { StopRequest } from '../../proto/gen/errand/control/v1/StopRequest.ts'
import type { StopRunReply__Output } from '../../proto/gen/errand/control/v1/StopRunReply.ts'
import type { StopRunRequest } from '../../proto/gen/errand/control/v1/StopRunRequest.ts'
import type { ListPromptsReply__Output } from '../../proto/gen/errand/control/v1/ListPromptsReply.ts'
import type { ListPromptsRequest } from '../../proto/gen/errand/control/v1/ListPromptsRequest.ts'
import type { ReadSettingsReply__Output } from '../../proto/gen/errand/control/v1/ReadSettingsReply.ts'
import type { ReadSettingsRequest } from '../../proto/gen/errand/control/v1/ReadSettingsRequest.ts'
import type { ShowInventoryReply__Output } from '../../proto/gen/errand/control/v1/ShowInventoryReply.ts'
import type { ShowInventoryRequest } from '../../proto/gen/errand/control/v1/ShowInventoryRequest.ts'
import { controlClient } from '../../proto/load.ts'
import type { RunId, RunRequest } from '../../proto/run.ts'
import type {
  ClientSettings,
  InventoryAnswer,
  InventoryRequest,
  Prompt,
  SettingsRequest,
} from '../../proto/settings.ts'
import { errandVersion } from '../../proto/version.ts'
import type { CliConfig } from './config.ts'
import { isAnswering, startController, untilGone } from './start-controller.ts'

/** A run that was asked to stop may have a file to finish sending. */
const patienceMs = 3_600_000

/** A connection to the user's controller; the caller closes it. */
export class ControllerClient implements Disposable {
  readonly calls: ControlClient

  constructor(socket: string) {
    this.calls = controlClient(`unix:${socket}`, credentials.createInsecure())
  }

  async status(signal: AbortSignal): Promise<ControllerStatus> {
    const ask: UnaryMethod<StatusRequest, StatusReply__Output> = (...call) =>
      this.calls.status(...call)
    return statusFromWire(await callUnary(ask, {}, { signal }))
  }

  /** Asks the controller to leave; it answers before it does. */
  async stop(signal: AbortSignal): Promise<void> {
    const ask: UnaryMethod<StopRequest, StopReply__Output> = (...call) => this.calls.stop(...call)
    await callUnary(ask, {}, { signal })
  }

  /** Starts a run, unless there is one of this id; it goes on whether anybody watches or not. */
  async startRun(runId: RunId, request: RunRequest, signal: AbortSignal): Promise<void> {
    const ask: UnaryMethod<StartRunRequest, StartRunReply__Output> = (...call) =>
      this.calls.startRun(...call)
    const requestJson = JSON.stringify(request)
    await callUnary(ask, { runId, requestJson }, { signal })
  }

  /** What of ansible.cfg is the command line's own affair. */
  async readSettings(
    { cwd, environment }: SettingsRequest,
    signal: AbortSignal,
  ): Promise<ClientSettings> {
    const ask: UnaryMethod<ReadSettingsRequest, ReadSettingsReply__Output> = (...call) =>
      this.calls.readSettings(...call)
    const requestJson = JSON.stringify({ cwd, environment })
    return settingsFromJson((await callUnary(ask, { requestJson }, { signal })).settingsJson)
  }

  /** What the plays of a request would ask the user. */
  async listPrompts(request: RunRequest, signal: AbortSignal): Promise<readonly Prompt[]> {
    const ask: UnaryMethod<ListPromptsRequest, ListPromptsReply__Output> = (...call) =>
      this.calls.listPrompts(...call)
    const requestJson = JSON.stringify(request)
    const reply = await callUnary(ask, { requestJson }, { signal, deadlineMs: patienceMs })
    return promptsFromJson(reply.promptsJson)
  }

  /** An inventory as text; a script in it takes as long as it takes. */
  async showInventory(request: InventoryRequest, signal: AbortSignal): Promise<InventoryAnswer> {
    const ask: UnaryMethod<ShowInventoryRequest, ShowInventoryReply__Output> = (...call) =>
      this.calls.showInventory(...call)
    const requestJson = JSON.stringify(request)
    const reply = await callUnary(ask, { requestJson }, { signal, deadlineMs: patienceMs })
    return inventoryAnswerFromJson(reply.answerJson)
  }

  /** The run that is meant by an id, the beginning of one, or `last`. */
  async findRun(run: string, signal: AbortSignal): Promise<RunSummary> {
    const ask: UnaryMethod<FindRunRequest, Run__Output> = (...call) => this.calls.findRun(...call)
    return runFromWire(await callUnary(ask, { run }, { signal }))
  }

  /** Asks a run to stop, and its jobs to end where `cancelJobs` says so; waits until all has come to its end. */
  async stopRun(
    runId: RunId,
    { cancelJobs, signal }: { readonly cancelJobs: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const ask: UnaryMethod<StopRunRequest, StopRunReply__Output> = (...call) =>
      this.calls.stopRun(...call)
    await callUnary(ask, { runId, cancelJobs }, { signal, deadlineMs: patienceMs })
  }

  /**
   * Answers a question of a run; without text the user's input is at its end.
   *
   * @throws {ErrandError} `conflict` when it waits for no answer.
   */
  async answerRun(answer: AnswerRunRequest, signal: AbortSignal): Promise<void> {
    const ask: UnaryMethod<AnswerRunRequest, AnswerRunReply__Output> = (...call) =>
      this.calls.answerRun(...call)
    await callUnary(ask, answer, { signal })
  }

  [Symbol.dispose](): void {
    this.calls.close()
  }
}

/**
 * The user's controller, started when none answers, and started anew when an idle one is of another version.
 *
 * @throws {ErrandError} `unreachable` or what kept it from starting.
 */
export async function openController(
  config: CliConfig,
  signal: AbortSignal,
): Promise<ControllerClient> {
  if (!(await isAnswering(config.socket))) await startController(config, signal)
  const client = new ControllerClient(config.socket)
  const { version, runningRuns, pid } = await client.status(signal)
  if (version === errandVersion) return client
  if (runningRuns > 0) {
    client[Symbol.dispose]()
    throw new ErrandError(
      'conflict',
      `the controller (process ${pid}) is errand ${version}, this is ${errandVersion}, and ${runningRuns} runs are going on: ` +
        'wait for them, or end it with errand controller stop',
    )
  }
  await client.stop(signal)
  client[Symbol.dispose]()
  await untilGone(config.socket, signal)
  await startController(config, signal)
  return new ControllerClient(config.socket)
}

/** The user's controller if one answers; none is started. */
export async function findController(config: CliConfig): Promise<ControllerClient | undefined> {
  return (await isAnswering(config.socket)) ? new ControllerClient(config.socket) : undefined
}
