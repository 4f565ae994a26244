import { stringifyJson } from '../../../proto/json-text.ts'
import type { PlayStory } from './run-story.ts'
import type { ShownRun } from './run-text.ts'

/** A run as one JSON object: what `errand show` tells people. */
export function runJson({ run, story, jobs }: ShownRun): string {
  const { error } = story.end ?? {}
  const shown = {
    ...run,
    ...(error === undefined ? {} : { error }),
    plays: story.plays.map(playJson),
    ...(story.stats === undefined ? {} : { stats: story.stats }),
    jobs,
  }
  return `${stringifyJson(shown)}\n`
}

function playJson({ play, hosts, startedAtMs, tasks }: PlayStory) {
  return {
    play,
    hosts,
    startedAtMs,
    tasks: tasks.map(({ results, ...task }) => ({
      ...task,
      results: results.map(({ result: _result, ...rest }) => rest),
    })),
  }
}
