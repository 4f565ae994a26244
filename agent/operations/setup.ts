import { globToRegExp } from '../jobs/glob.ts'
import { text, texts } from './arguments.ts'
import { accountFacts, hostKeyFacts } from './facts/account-facts.ts'
import { dateFacts } from './facts/date-facts.ts'
import { distributionFacts } from './facts/distribution.ts'
import { dnsFacts, networkFacts } from './facts/network.ts'
import { capabilityFacts, initiatorFacts } from './facts/initiator-facts.ts'
import { hardwareFacts } from './facts/hardware.ts'
import { localFacts } from './facts/local-facts.ts'
import { platformFacts, systemFacts } from './facts/platform.ts'
import { pythonFacts } from './facts/python-facts.ts'
import { content, type Facts } from './facts/read.ts'
import { wantedCollectors } from './facts/subsets.ts'
import { virtualizationFacts } from './facts/virtualization.ts'
import type { JsonMap, Operation } from './operation.ts'

/** `setup`: the facts of this host under the names that Ansible gives them. */
export const setup: Operation = async (args, { environment }) => {
  const subsets = texts(args, 'gather_subset')
  const warnings: string[] = []
  const warn = (warning: string) => void warnings.push(warning)
  const wanted = wantedCollectors(subsets.length === 0 ? ['all'] : subsets)
  const found = await Promise.all(
    [...wanted].map((name) =>
      Promise.resolve(collectors[name]?.(args, { environment, warn }) ?? {}),
    ),
  )
  const facts: Record<string, unknown> = {}
  for (const [name, value] of found.flatMap((part) => Object.entries(part))) {
    if (value !== undefined) facts[`ansible_${name}`] = value
  }
  const filters = texts(args, 'filter').filter((filter) => filter !== '' && filter !== '*')
  const asked = subsets.length === 0 ? ['all'] : subsets
  const all = { ...facts, gather_subset: asked, module_setup: true }
  const told = filtered(all, filters)
  if (args['_is_gathering'] !== true)
    return { changed: false, ansible_facts: told, ...(warnings.length > 0 ? { warnings } : {}) }
  const ansible_facts = { ...told, _ansible_facts_gathered: true }
  return { changed: false, ansible_facts, warnings, deprecations: [] }
}

interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly warn: (text: string) => void
}

type Collector = (args: JsonMap, around: Surroundings) => Facts | Promise<Facts>

const collectors: Readonly<Record<string, Collector>> = {
  ...systemFacts,
  platform: platformFacts,
  distribution: distributionFacts,
  pkg_mgr: () => systemFacts.pkg_mgr(distributionFacts()['os_family']),
  caps: capabilityFacts,
  date_time: () => ({ date_time: dateFacts(new Date()) }),
  user: accountFacts,
  ssh_pub_keys: hostKeyFacts,
  env: (_args, { environment }) => ({ env: environment }),
  python: pythonFacts,
  local: async (args, { warn }) => ({
    local: await localFacts(text(args, 'fact_path') ?? '/etc/ansible/facts.d', warn),
  }),
  dns: () => ({ dns: dnsFacts(content('/etc/resolv.conf') ?? '') }),
  network: networkFacts,
  fibre_channel_wwn: () => only('fibre_channel_wwn', initiatorFacts()),
  iscsi: () => only('iscsi_iqn', initiatorFacts()),
  nvme: () => only('hostnqn', initiatorFacts()),
  hardware: hardwareFacts,
  virtual: () => virtualizationFacts(),
  facter: () => ({}),
  ohai: () => ({}),
}

function only(name: string, facts: Facts): Facts {
  return { [name]: facts[name] }
}
function filtered(facts: Readonly<Record<string, unknown>>, filters: readonly string[]): Facts {
  if (filters.length === 0) return facts
  const patterns = filters.flatMap((filter) => [
    globToRegExp(filter),
    globToRegExp(`ansible_${filter}`),
  ])
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => patterns.some((one) => one.test(name))),
  )
}
