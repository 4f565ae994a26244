/** A task's command: leaves a line in the run's file on its host, and takes a while. */
function mark(line: string, seconds = 0.3): string {
  return `echo '${line}' >> $HOME/kills-{{ number }}; sleep ${seconds}`
}

/** The file on a host that the tasks of a run leave their lines in. */
export function marksFile(number: number): string {
  return `/root/kills-${number}`
}

/** The playbook's files. Its variable `number` says which run it is. */
export const files: Readonly<Record<string, string>> = {
  'kills.yml': `
- name: first
  hosts: all
  gather_facts: false
  tasks:
    - name: says its name
      shell: "${mark('one')}; echo {{ inventory_hostname }}"
      register: said
    - name: keeps what was said
      set_fact: { kept: "{{ said.stdout }} of {{ said.rc }}" }
    - name: notifies
      shell: "${mark('two {{ kept }}')}"
      notify: [a handler, another handler]
    - name: a loop
      shell: "${mark('item {{ item }}')}"
      loop: [a, b, c]
      register: items
    - name: waits for a job
      shell: "${mark('waited {{ items.results | length }}', 1.2)}; echo from the job"
      async: 600
      poll: 1
      register: job
    - name: leaves a job
      shell: "${mark('left {{ job.stdout }}', 2)}; echo later"
      async: 600
      poll: 0
      register: fired
    - name: works while the job runs
      shell: "${mark('meanwhile')}"
    - name: includes
      include_tasks: more.yml
      loop: [x, y]
    - name: looks at the job
      async_status: { jid: "{{ fired.ansible_job_id }}" }
      register: looked
      until: looked.finished
      retries: 600
      delay: 1
    - meta: flush_handlers
    - block:
        - name: tries
          shell: "${mark('tried {{ looked.stdout }} {{ looked.rc }}')}; exit 3"
        - name: never runs
          shell: "${mark('never')}"
      rescue:
        - name: rescues
          shell: "${mark('rescued {{ ansible_failed_result.rc }}')}"
      always:
        - name: always
          shell: "${mark('always')}"
  handlers:
    - name: a handler
      shell: "${mark('handled')}"
    - name: another handler
      shell: "${mark('handled too')}"
- name: second
  hosts: all
  gather_facts: false
  tasks:
    - name: tries again
      shell: "${mark('try')}; [ $(grep -c '^try$' $HOME/kills-{{ number }}) -ge 2 ]"
      register: tries
      until: tries is succeeded
      retries: 5
      delay: 0.2
    - name: fails and is ignored
      shell: "${mark('failed {{ tries.attempts }}')}; false"
      ignore_errors: true
    - name: on one host
      shell: "${mark('once')}; echo shared"
      run_once: true
      delegate_to: "{{ groups['all'][0] }}"
      register: shared
    - name: is skipped
      shell: "${mark('never')}"
      when: shared.stdout == 'no'
    - name: knows everything
      shell: "${mark('last {{ kept }} {{ shared.stdout }} {{ hostvars[groups.all[0]].job.stdout }}')}"
`,
  'more.yml': `
- name: included
  shell: "${mark('included {{ item }}')}; echo {{ item }}"
  register: included
- name: included after it
  shell: "${mark('then {{ included.stdout }}')}"
`,
}

/** The lines that a run leaves on a host, each once unless it is named twice. */
export function expectedMarks(host: string, { isFirst }: { readonly isFirst: boolean }): string[] {
  return [
    'one',
    `two ${host} of 0`,
    'item a',
    'item b',
    'item c',
    'waited 3',
    'left from the job',
    'meanwhile',
    'included x',
    'then x',
    'included y',
    'then y',
    'handled',
    'handled too',
    'tried later 0',
    'rescued 3',
    'always',
    'try',
    'try',
    'failed 2',
    ...(isFirst ? ['once'] : []),
    `last ${host} of 0 shared from the job`,
  ]
}
