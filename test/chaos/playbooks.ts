import { hostCount, type PlannedJob } from './plan.ts'
import { folder, programArguments } from './job-program.ts'

/** Tasks of one playbook, each with one job a host. */
const tasksEach = 20

/** A host's name in the inventory, from 1. */
export function hostName(number: number): string {
  return `chaos${number}`
}

/** The task's name, and so the job's: of its host only one job has it. */
export function taskName(job: PlannedJob): string {
  return `chaos job ${Math.ceil(job.number / hostCount)}`
}

/** Playbooks that start all jobs and wait for none. Every other one lets its hosts go on each for itself. */
export function playbooks(jobs: readonly PlannedJob[]): readonly string[] {
  const tasks = chunks(jobs, hostCount).map(task)
  return chunks(tasks, tasksEach).map((part, index) => {
    const strategy = index % 2 === 0 ? 'linear' : 'free'
    return `- hosts: all
  gather_facts: false
  strategy: ${strategy}
  ignore_unreachable: true
  ignore_errors: true
  tasks:
${part.join('')}`
  })
}

function task(jobs: readonly PlannedJob[]): string {
  const [first] = jobs
  if (first === undefined) throw new Error('a task needs a job')
  const words = jobs.map((job) => `${hostName(job.host)}: ${programArguments(job)}`)
  const limits = jobs.map((job) => `${hostName(job.host)}: ${job.limitSeconds}`)
  return `    - name: ${taskName(first)}
      command: "sh ${folder}/program {{ words[inventory_hostname] }}"
      when: inventory_hostname in words
      async: "{{ limits[inventory_hostname] }}"
      poll: 0
      vars:
        words: { ${words.join(', ')} }
        limits: { ${limits.join(', ')} }
`
}

function chunks<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  )
}
