/** The control service: what a controller serves to the command line of its user. */
import type { Logger } from 'pino'
import {
  eventToWire,
  filterFromWire,
  hostToWire,
  installToWire,
  jobToWire,
  outputToWire,
  runToWire,
} from '../../proto/control-codec.ts'
import {
  installRequestFromJson,
  inventoryRequestFromJson,
  runRequestFromJson,
  settingsRequestFromJson,
} from '../../proto/control-json.ts'
import type { ControllerStatus } from '../../proto/control.ts'
import type { ControlHandlers } from '../../proto/gen/errand/control/v1/Control.ts'
import type { WatchOutputRequest__Output } from '../../proto/gen/errand/control/v1/WatchOutputRequest.ts'
import { ErrandError } from '../../proto/errors.ts'
import { isRunId } from '../../proto/run-id.ts'
import type { RunId } from '../../proto/run.ts'
import type { Retention } from '../retention.ts'
import type { Runs } from '../runs.ts'
import type { Store } from '../store/store.ts'
import type { Activity } from './activity.ts'
import { CountedCalls } from './counted-calls.ts'
import type { FleetPort } from './fleet-port.ts'
import { findRun } from './find-run.ts'
import { listHosts } from './hosts.ts'
import type { LanguagePort } from './language-port.ts'
import { JobChooser } from './job-chooser.ts'
import { JobsService } from './jobs.ts'
import { OutputService, type OutputRequest } from './output.ts'
import { pruneRuns } from './prune-runs.ts'
import { describeRun, listRuns } from './run-summary.ts'

export interface ServiceOptions {
  readonly store: Store
  readonly runs: Runs
  readonly fleet: FleetPort
  readonly language: LanguagePort
  readonly retention: Retention
  readonly activity: Activity
  readonly log: Logger
  readonly status: () => Promise<ControllerStatus>
  /** Asks the controller to leave; called after the answer was given. */
  readonly stop: () => void
}

/** Handlers of every method; errors are mapped by proto/errors.ts. */
export function controlHandlers(options: ServiceOptions): ControlHandlers {
  const calls = new CountedCalls(options.activity, (err) =>
    options.log.error({ err }, 'call failed by a defect'),
  )
  return {
    ...runHandlers(calls, options),
    ...jobHandlers(calls, options),
    ...hostHandlers(calls, options),
    ...languageHandlers(calls, options),
    ...controllerHandlers(calls, options),
  }
}

function runHandlers(
  calls: CountedCalls,
  { store, runs, retention }: ServiceOptions,
): Pick<
  ControlHandlers,
  'StartRun' | 'WatchRun' | 'StopRun' | 'AnswerRun' | 'ListRuns' | 'FindRun' | 'PruneRuns'
> {
  return {
    StartRun: calls.answer(async ({ runId, requestJson }) => {
      if (!isRunId(runId)) throw new ErrandError('invalid', 'this is no id of a run')
      await runs.start(runId, runRequestFromJson(requestJson))
      return {}
    }),
    WatchRun: calls.stream(({ runId, afterSeq, noFollow }, signal) =>
      mapped(
        noFollow ? store.runs.events(runId, afterSeq) : runs.watch(runId, { afterSeq, signal }),
        eventToWire,
      ),
    ),
    StopRun: calls.answer(async ({ runId, cancelJobs }) => {
      await runs.stop(runId, { cancelJobs })
      return {}
    }),
    AnswerRun: calls.answer(async ({ runId, questionId, text, isAbort }) => {
      const answer = text === undefined ? {} : { text }
      await runs.answer(runId, questionId, isAbort ? { isAbort } : answer)
      return {}
    }),
    ListRuns: calls.stream((query) => mapped(listRuns(store, query), runToWire)),
    FindRun: calls.answer(async ({ run }) =>
      runToWire(await describeRun(store, await findRun(store, run))),
    ),
    PruneRuns: calls.stream((request, signal) =>
      mapped(pruneRuns(request, { store, retention, signal }), runToWire),
    ),
  }
}

function jobHandlers(
  calls: CountedCalls,
  { store, runs, fleet }: ServiceOptions,
): Pick<ControlHandlers, 'ListJobs' | 'WaitJobs' | 'CancelJobs' | 'WatchOutput'> {
  const chooser = new JobChooser({ store, fleet })
  const jobs = new JobsService({ store, fleet, chooser })
  const runEnd = (runId: RunId, signal: AbortSignal) => untilEnd(runs, runId, signal)
  const output = new OutputService({ store, fleet, chooser, runEnd })
  return {
    ListJobs: calls.stream((filter, signal) =>
      mapped(jobs.list(filterFromWire(filter), signal), jobToWire),
    ),
    WaitJobs: calls.stream((filter, signal) =>
      mapped(jobs.wait(filterFromWire(filter), signal), jobToWire),
    ),
    CancelJobs: calls.stream(({ filter, graceMs }, signal) => {
      const options = graceMs === undefined ? { signal } : { graceMs, signal }
      return mapped(jobs.cancel(filterFromWire(filter), options), jobToWire)
    }),
    WatchOutput: calls.stream((request, signal) =>
      mapped(output.watch(outputRequest(request), signal), outputToWire),
    ),
  }
}

function hostHandlers(
  calls: CountedCalls,
  { store, fleet }: ServiceOptions,
): Pick<ControlHandlers, 'Install' | 'Upgrade' | 'Uninstall' | 'ListHosts'> {
  return {
    Install: calls.stream(({ requestJson }, signal) =>
      mapped(fleet.install(installRequestFromJson(requestJson), { signal }), installToWire),
    ),
    Upgrade: calls.stream(({ requestJson }, signal) =>
      mapped(fleet.upgrade(installRequestFromJson(requestJson), { signal }), installToWire),
    ),
    Uninstall: calls.stream(({ requestJson }, signal) =>
      mapped(fleet.uninstall(installRequestFromJson(requestJson), { signal }), installToWire),
    ),
    ListHosts: calls.stream(({ hosts }) => mapped(listHosts(hosts, { store, fleet }), hostToWire)),
  }
}

function languageHandlers(
  calls: CountedCalls,
  { language }: ServiceOptions,
): Pick<ControlHandlers, 'ReadSettings' | 'ListPrompts' | 'ShowInventory'> {
  return {
    ReadSettings: calls.answer(({ requestJson }) => ({
      settingsJson: JSON.stringify(language.settings(settingsRequestFromJson(requestJson))),
    })),
    ListPrompts: calls.answer(async ({ requestJson }, signal) => ({
      promptsJson: JSON.stringify(
        await language.prompts(runRequestFromJson(requestJson), { signal }),
      ),
    })),
    ShowInventory: calls.answer(async ({ requestJson }, signal) => ({
      answerJson: JSON.stringify(
        await language.inventory(inventoryRequestFromJson(requestJson), { signal }),
      ),
    })),
  }
}

function controllerHandlers(
  calls: CountedCalls,
  { status, stop }: ServiceOptions,
): Pick<ControlHandlers, 'Status' | 'Stop'> {
  return {
    Status: calls.answer(() => status()),
    Stop: calls.answer(() => {
      setImmediate(stop)
      return {}
    }),
  }
}

async function* mapped<From, To>(
  source: AsyncIterable<From>,
  map: (from: From) => To,
): AsyncGenerator<To, void> {
  for await (const value of source) yield map(value)
}

/** No event comes after such a number: what is watched is only the end. */
async function untilEnd(runs: Runs, runId: RunId, signal: AbortSignal): Promise<void> {
  const afterSeq = Number.MAX_SAFE_INTEGER
  for await (const _event of runs.watch(runId, { afterSeq, signal }));
}

function outputRequest(wire: WatchOutputRequest__Output): OutputRequest {
  const streams = (['stdout', 'stderr'] as const).filter(
    (stream) => wire.streams.length === 0 || wire.streams.includes(stream),
  )
  return {
    filter: filterFromWire(wire.filter),
    streams,
    follow: wire.follow,
    withNew: wire.withNew,
    read: wire.offsets,
    ...(wire.tailLines === undefined ? {} : { tailLines: wire.tailLines }),
    offsets: { stdout: wire.stdoutOffset, stderr: wire.stderrOffset },
  }
}
