import { orderHosts } from './order.ts'

/** What of an answer depends on this machine, not on what was asked. */
export interface Surroundings {
  /** The case's working copy. */
  readonly directory: string
  readonly home: string
  /** The first three octets of the lab's addresses. */
  readonly network: string
}

type Rule = readonly [pattern: RegExp, replacement: string]

// Both sides' texts go through the same rules, in this order. What they blur is what differs from one run of the
// same program to the next, or is the word of a third party (OpenSSH), and nothing else.
const RULES: readonly Rule[] = [
  // times and durations
  [/"delta": "\d+:\d\d:\d\d\.\d+"/g, '"delta": "DELTA"'],
  [/\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~/g, '.BACKUP~'],
  [/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?/g, 'TIME'],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, 'TIME'],
  [/"(atime|mtime|ctime|birthtime)": [\d.]+/g, '"$1": 0'],
  [/"elapsed": \d+/g, '"elapsed": 0'],
  // numbers that the kernel or the file system hands out
  [/"(inode|dev|pid|child_pid)": \d+/g, '"$1": 0'],
  [/"version": ("\d+"|null)(?=,?\s*("w|\n))/g, '"version": null'],
  // jobs
  [/\bj\d+\.\d+\b/g, 'JID'],
  [/"results_file": "[^"]*"/g, '"results_file": "RESULTS_FILE"'],
  // temporary files
  [/"src": "[^"]*\/(ansible-tmp|ansible-local|\.source|errand)[^"]*"/g, '"src": "TMP"'],
  [/[^\s"']*\/ansible-local-[^\s"'/]*\/tmp[^\s"'/]*/g, 'TMP'],
  [/[^\s"']*\/ansible-tmp-[\d.]+-\d+-\d+/g, 'TMP'],
  [/^\+\+\+ after: .+$/gm, '+++ after: FILE'],
  [/\/tmp\/ansible\.[A-Za-z0-9_]+/g, '/tmp/ansible.TMP'],
  // why a host cannot be reached is OpenSSH's sentence
  [/(UNREACHABLE! => \{\s*"changed": false,\s*)"msg": "(?:[^"\\]|\\.)*"/g, '$1"msg": "REASON"'],
  [/"msg": "Failed to connect to the host via ssh(?:[^"\\]|\\.)*"/g, '"msg": "REASON"'],
  // what a terminal between the controller and the program adds: Ansible asks for one where a file is sent first
  [/Shared connection to [^ ]+ closed\.(\\r\\n|\r?\n)/g, ''],
  [/("stderr_lines": \[)\s*"Shared connection to [^ ]+ closed\."\s*\]/g, '$1]'],
  [/\\r\\n/g, '\\n'],
  // Python's own words about where in Python something went wrong
  [
    /^An exception occurred during task execution\. To see the full traceback, use -vvv\..*\n/gm,
    '',
  ],
  [/<class 'ansible\.parsing\.yaml\.objects\.AnsibleUnicode'>/g, "<class 'str'>"],
  [/\bAnsible(Unicode|UnsafeText)\b/g, 'str'],
  // -vv: who is speaking, and its machinery
  [/^(ansible(-playbook|-inventory)?|errand).* \[core .*\n( {2}.*\n)*/gm, ''],
  [/^Skipping callback .*\n/gm, ''],
  [/^\S+ declined parsing .*\n/gm, ''],
  [/^Parsed .* inventory source with \w+ plugin\n/gm, ''],
  [/^redirecting \(type: .*\n/gm, ''],
]

// How often somebody looks at a job depends on the clock. In the chapter async a look may or may not be seen; in the
// chapter async-looks, whose jobs last long enough for both, at least one must be.
const NO_LOOKS: readonly Rule[] = [
  [/^ASYNC POLL on .*\n/gm, ''],
  [/^FAILED - RETRYING: .*\n/gm, ''],
  [/"attempts": \d+/g, '"attempts": 0'],
]

const SOME_LOOKS: readonly Rule[] = [
  [/^(ASYNC POLL on .*\n)\1*/gm, '$1'],
  [/^(FAILED - RETRYING: .*) \(\d+ retries left\)\./gm, '$1 (N retries left).'],
  [/^(FAILED - RETRYING: .*\n)\1*/gm, '$1'],
  [/"attempts": \d+/g, '"attempts": 0'],
]

const OF_CHAPTER: ReadonlyMap<string, readonly Rule[]> = new Map([
  ['async', NO_LOOKS],
  ['async-looks', SOME_LOOKS],
])

/** Blurs what may differ between two right answers. */
export function normalise(text: string, around: Surroundings, chapter: string): string {
  const named = text
    .replaceAll(around.directory, 'CASE')
    .replaceAll(around.home, 'HOME')
    .replaceAll(around.network, '10.77.0')
  const rules = [...RULES, ...(OF_CHAPTER.get(chapter) ?? [])]
  return rules.reduce((blurred, [pattern, to]) => blurred.replace(pattern, to), orderHosts(named))
}

const JOBS_OUT = /^JOBS STILL OUT, errand wait --run \S+ waits for them:\n(?:.* : .*\n)+\n/gm

/** Takes out what errand says beside what Ansible says: the jobs that are still out, after the recap. */
export function withoutJobsOut(stdout: string): string {
  return stdout.replace(JOBS_OUT, '')
}
