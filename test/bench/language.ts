/** What the language alone costs, as whole commands, beside those of Ansible where it is installed. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Errand } from '../support/errand.ts'
import { compare } from './compare.ts'

const groupCount = 200
const hostsInGroup = 5
const expressionCount = 10_000

/** 1,000 hosts in 200 groups with group_vars are listed; 10,000 different expressions are evaluated on one host. */
export async function benchLanguage(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'errand-bench-'))
  const errand = new Errand({ folder, prefix: [], userHome: folder, env: {} })
  try {
    await writeInventory(errand)
    await errand.write('expressions.yml', playbook())
    await errand.run(['controller', 'start'])
    const list = ['-i', 'inventory', '--list']
    await compare(`list ${groupCount * hostsInGroup} hosts`, {
      ours: () => errand.run(['inventory', ...list]),
      theirs: { argv: ['ansible-inventory', ...list], folder },
    })
    await compare(`evaluate ${expressionCount} expressions`, {
      ours: () => errand.run(['run', 'expressions.yml']),
      theirs: { argv: ['ansible-playbook', 'expressions.yml'], folder },
    })
  } finally {
    await errand.run(['controller', 'stop'])
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeInventory(errand: Errand): Promise<void> {
  const lines: string[] = []
  for (let group = 0; group < groupCount; group += 1) {
    lines.push(`[group${group}]`)
    for (let host = 0; host < hostsInGroup; host += 1) {
      lines.push(`host${group * hostsInGroup + host} rack=${group} slot=${host}`)
    }
    const vars = `group_id: ${group}\nports: {80: http, 443: https}\nowner_${group}: {name: n${group}, days: [1, 2, 3]}\n`
    await errand.write(`inventory/group_vars/group${group}.yml`, vars)
  }
  await errand.write('inventory/hosts', `${lines.join('\n')}\n`)
}

function playbook(): string {
  const forms = [
    '{{ base + N }}',
    '{{ users[N % 40].name }}-N',
    '{{ users | selectattr("uid", "gt", N % 40) | map(attribute="name") | join(",") }}',
    '{% if N > base %}more{% else %}less{% endif %}',
  ]
  const lines = Array.from({ length: expressionCount }, (_none, index) => {
    const form = forms[index % forms.length] ?? ''
    return `          - '${form.replaceAll('N', String(index))}'\n`
  })
  const users = Array.from({ length: 40 }, (_none, uid) => `{name: user${uid}, uid: ${uid}}`)
  return `- hosts: localhost
  gather_facts: false
  vars:
    base: 5000
    users: [${users.join(', ')}]
  tasks:
    - set_fact:
        made:
${lines.join('')}`
}
