/**
 * The test of random kills: a playbook of 20 tasks on four lab hosts, while its controller is killed with -9 again and again. Needs
 * root. `node test/kills/main.ts --seed N --kills N`; the same seed has the same moments, counted from each controller's start.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLab } from '../lab/lab.ts'
import { skipReason } from '../lab/skip-reason.ts'
import { Errand } from '../support/errand.ts'
import { kills, type Ground, type Report } from './kills.ts'
import { isGreen, reportText } from './report.ts'

const runMs = 300_000

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, kills: { type: 'string', default: '200' } },
})
const plan = { seed: wholeNumber('seed', values.seed), kills: wholeNumber('kills', values.kills) }
const reason = skipReason()
if (reason === false) process.exitCode = await main()
else {
  process.stderr.write(`kills: ${reason}\n`)
  process.exitCode = 1
}

async function main(): Promise<number> {
  await using lab = await startLab({ hosts: 4 })
  const folder = await mkdtemp(join(tmpdir(), 'errand-kills-'))
  const prefix = lab.controllerPrefix
  const errand = new Errand({ folder, prefix, userHome: lab.home, env: {} })
  const report = await onGround({ lab, errand })
  process.stdout.write(reportText(report))
  if (isGreen(report)) await rm(folder, { recursive: true, force: true })
  else process.stdout.write(`the record and the controller's log are kept in ${folder}\n`)
  return isGreen(report) ? 0 : 1
}

async function onGround({ lab, errand }: Ground): Promise<Report> {
  try {
    await errand.write('hosts', lab.inventoryText({}))
    const installed = await errand.run(['install', '-i', 'hosts', 'all'])
    if (installed.code !== 0) throw new Error(`errand install: ${installed.stderr}`)
    const onRun = (line: string) => process.stdout.write(line)
    return await kills({ lab, errand }, { ...plan, runMs, onRun })
  } finally {
    await errand.run(['controller', 'stop'])
  }
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d*$/u.test(text)) return Number(text)
  throw new Error(`--${name} is a whole number above 0, not "${text}"`)
}
