import type { PlannedJob } from './plan.ts'

/** Where the jobs of a host have their files: on its disk, since these outlive a power cut. */
export const folder = '/root/chaos'

/** A line's length in bytes, its end included. */
const lineBytes = 80

/**
 * What every job runs. To a file of its own it appends `start BOOT-ID`, after each step `wrote LINES`, and at its end
 * `end HOW SECONDS`.
 */
export const program = `number=$1 steps=$2 lines=$3 code=$4 tree=$5
file=${folder}/job-$number
exec 3>&2 2>/dev/null # a shell says on standard error that a child was ended
echo "start $(cat /proc/sys/kernel/random/boot_id)" >>$file
lines() { # NAME FROM TO
  awk -v name=$1 -v n=$number -v i=$2 -v to=$3 'BEGIN {
    while (i < to) { printf "%s %08d %08d %-57s\\n", name, n, i, (n * 7919 + i * 104729) % 1000003; i++ }
  }'
}
finish() { echo "end $1 $(date +%s.%N)" >>$file; exit $1; }
if [ $tree = stubborn ]; then trap '' TERM; else trap 'finish 143' TERM; fi
child='i=0; while [ $i -lt $1 ]; do sleep 0.25; i=$((i+1)); done'
case $tree in
  children) sh -c "$child" chaos-child $steps $number & sh -c "$child" chaos-child $steps $number & ;;
  setsid) setsid sh -c "$child" chaos-child $steps $number & ;;
  double-fork) (setsid sh -c "$child" chaos-child $steps $number &) ;;
  stubborn) sh -c "trap '' TERM; $child" chaos-child $steps $number & ;;
esac
step=0
while [ $step -lt $steps ]; do
  next=$((step + 1))
  lines out $((step * lines)) $((next * lines))
  lines err $((step * lines / 4)) $((next * lines / 4)) >&3
  echo "wrote $((next * lines)) $((next * lines / 4))" >>$file
  sleep 0.25
  step=$next
done
finish $code
`

/** The words that the program gets. */
export function programArguments(job: PlannedJob): string {
  return [job.number, job.steps, job.linesPerStep, job.exitCode, job.tree].join(' ')
}

/** How many bytes a stream has when the job has come to its own end. */
export function fullBytes({ steps, linesPerStep }: PlannedJob) {
  const lines = steps * linesPerStep
  return { stdout: lines * lineBytes, stderr: Math.floor(lines / 4) * lineBytes }
}

/** The first `length` bytes of a stream of job `number`. */
export function expectedBytes(
  number: number,
  { stream, length }: { readonly stream: 'stdout' | 'stderr'; readonly length: number },
): Buffer {
  const lines = Array.from({ length: Math.ceil(length / lineBytes) }, (_, index) => {
    const words = [stream.slice(3), digits(number), digits(index)]
    return `${words.join(' ')} ${String((number * 7919 + index * 104_729) % 1_000_003).padEnd(57)}\n`
  })
  return Buffer.from(lines.join('')).subarray(0, length)
}

function digits(value: number): string {
  return String(value).padStart(8, '0')
}

/** What a job has said of itself in its file. */
export interface OwnWord {
  readonly starts: number
  /** Of its last start. */
  readonly bootId: string | undefined
  /** How it ended itself; the time in milliseconds since the epoch. */
  readonly end: { readonly code: number; readonly atMs: number } | undefined
  /** Bytes that it had surely written. */
  readonly wrote: { readonly stdout: number; readonly stderr: number }
}

/** Reads the file of a job; an empty text where there is none. */
export function readOwnWord(text: string): OwnWord {
  const lines = text.split('\n').map((line) => line.split(' '))
  const [starts, ends, steps] = ['start', 'end', 'wrote'].map((word) =>
    lines.filter(([first]) => first === word),
  )
  const [, code, seconds] = ends?.at(-1) ?? []
  const [, out = 0, err = 0] = steps?.at(-1) ?? []
  return {
    starts: starts?.length ?? 0,
    bootId: starts?.at(-1)?.[1],
    end:
      code === undefined
        ? undefined
        : { code: Number(code), atMs: Math.floor(Number(seconds) * 1000) },
    wrote: { stdout: Number(out) * lineBytes, stderr: Number(err) * lineBytes },
  }
}
