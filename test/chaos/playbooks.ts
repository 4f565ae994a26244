import { hostCount, type PlannedTask } from './plan.ts'
import { folder, programArguments } from './job-program.ts'

/** How many jobs one playbook starts, about. */
const jobsEach = 60

/** The label that every job has: its number in the plan. */
export const numberLabel = 'chaos'

/** A host's name in the inventory, from 1. */
export function hostName(number: number): string {
  return `chaos${number}`
}

/** Playbooks that start all jobs. Every other one lets its hosts go on each for itself. */
export function playbooks(tasks: readonly PlannedTask[]): readonly string[] {
  return parts(tasks).map((part, index) => {
    const strategy = index % 2 === 0 ? 'linear' : 'free'
    return `- hosts: all
  gather_facts: false
  strategy: ${strategy}
  ignore_unreachable: true
  ignore_errors: true
  tasks:
${part.map(taskText).join('')}`
  })
}

function parts(tasks: readonly PlannedTask[]): readonly (readonly PlannedTask[])[] {
  const all: PlannedTask[][] = []
  let jobs = jobsEach
  for (const task of tasks) {
    if (jobs >= jobsEach) {
      all.push([])
      jobs = 0
    }
    all.at(-1)?.push(task)
    jobs += task.jobs.length
  }
  return all
}

function taskText({ kind, jobs }: PlannedTask): string {
  const byHost = Map.groupBy(jobs, ({ host }) => hostName(host))
  const words = Array.from(
    byHost,
    ([host, own]) => `${host}: [${own.map(programArguments).join(', ')}]`,
  )
  const limits = Array.from(byHost, ([host, own]) => `${host}: ${own[0]?.limitSeconds}`)
  const loop = `loop: "{{ words[inventory_hostname] | default([]) }}"\n      `
  const own = kind === 'loop' ? 'item' : 'words[inventory_hostname][0]'
  return `    - name: chaos ${jobs[0]?.number}
      command: "sh ${folder}/program {{ ${own} }}"
      ${kind === 'loop' ? loop : ''}when: inventory_hostname in words
      async: "{{ limits[inventory_hostname] }}"
      poll: ${kind === 'polled' ? 1 : 0}
      vars:
        errand_parallel: ${hostCount}
        errand_labels: { ${numberLabel}: "{{ (${own} | split)[0] }}" }
        words: { ${words.join(', ')} }
        limits: { ${limits.join(', ')} }
`
}
