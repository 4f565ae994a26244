import type { PlannedJob } from './plan.ts'

/** Where the jobs of a host have their files: on its disk, since these outlive a power cut. */
export const folder = '/root/chaos'

/** A line's length in bytes, its end included. */
const lineBytes = 80
/** Of these, what stands behind the name and the numbers. */
const fillingBytes = 57

/**
 * What every job runs. To a file of its own it appends `start BOOT-ID`, after each step `wrote LINES`, and at its end
 * `end HOW SECONDS`. Of processes it starts as few as it can: a thousand of it share a small machine.
 */
export const program = `number=$1 steps=$2 lines=$3 binary=$4 code=$5 tree=$6
file=${folder}/job-$number
exec 3>&2 2>/dev/null # a shell says on standard error that a child was ended
read -r boot </proc/sys/kernel/random/boot_id
echo "start $boot" >>$file
lines() { # FROM UNTIL, of standard output; in a subshell, since a shell that redirects a child is redirected meanwhile
  (exec awk -v n=$number -v binary=$binary -v from=$1 -v until=$2 '
    function line(name, to, i,   k) {
      printf "%s %08d %08d ", name, n, i >to
      if (binary) for (k = 0; k < 57; k++) printf "%c", (i * 31 + k * 7) % 256 >to
      else printf "%-57s", (n * 7919 + i * 104729) % 1000003 >to
      printf "\\n" >to
    }
    BEGIN {
      for (i = from; i < until; i++) line("out", "/dev/stdout", i)
      for (i = int(from / 4); i < int(until / 4); i++) line("err", "/dev/stderr", i)
    }' 2>&3)
}
finish() { echo "end $1 $(date +%s.%N)" >>$file; exit $1; }
if [ $tree = stubborn ]; then trap '' TERM; else trap 'finish 143' TERM; fi
child='sleep $1; :'
case $tree in
  children) sh -c "$child" chaos-child $steps $number & sh -c "$child" chaos-child $steps $number & ;;
  setsid) setsid sh -c "$child" chaos-child $steps $number & ;;
  double-fork) (setsid sh -c "$child" chaos-child $steps $number &) ;;
  stubborn) sh -c "trap '' TERM; $child" chaos-child $steps $number & ;;
esac
step=0
while [ $step -lt $steps ]; do
  next=$((step + 1))
  if [ $lines -gt 0 ]; then lines $((step * lines)) $((next * lines)); fi
  echo "wrote $((next * lines)) $((next * lines / 4))" >>$file
  sleep 0.5
  step=$next
done
finish $code
`

/** The words that the program gets. */
export function programArguments(job: PlannedJob): string {
  const { number, steps, linesPerStep, isBinary, exitCode, tree } = job
  return [number, steps, linesPerStep, isBinary ? 1 : 0, exitCode, tree].join(' ')
}

/** How many bytes a stream has when the job has come to its own end. */
export function fullBytes({ steps, linesPerStep }: PlannedJob) {
  const lines = steps * linesPerStep
  return { stdout: lines * lineBytes, stderr: Math.floor(lines / 4) * lineBytes }
}

/** The first `length` bytes of a stream of a job. */
export function expectedBytes(
  job: Pick<PlannedJob, 'number' | 'isBinary'>,
  { stream, length }: { readonly stream: 'stdout' | 'stderr'; readonly length: number },
): Buffer {
  const lines = Array.from({ length: Math.ceil(length / lineBytes) }, (_, index) => {
    const head = `${stream.slice(3)} ${digits(job.number)} ${digits(index)} `
    const filling = job.isBinary ? binaryFilling(index) : textFilling(job.number, index)
    return Buffer.concat([Buffer.from(head), filling, Buffer.from('\n')])
  })
  return Buffer.concat(lines).subarray(0, length)
}

function textFilling(number: number, index: number): Buffer {
  return Buffer.from(String((number * 7919 + index * 104_729) % 1_000_003).padEnd(fillingBytes))
}

function binaryFilling(index: number): Buffer {
  return Buffer.from(Array.from({ length: fillingBytes }, (_, at) => (index * 31 + at * 7) % 256))
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
