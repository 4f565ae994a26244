import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { humanSize } from './human-size.ts'
import { content, names, printed, unsortedNames, type Facts } from './read.ts'

/** Names below /dev/disk and devices that stand on others, by the device that they lead to. */
interface Links {
  readonly ids: ByDevice
  readonly uuids: ByDevice
  readonly labels: ByDevice
  readonly masters: ByDevice
}

type ByDevice = Readonly<Record<string, readonly string[]>>

/** Disks with their partitions, and the names that lead to them. */
export async function deviceFacts(): Promise<Facts> {
  const links: Links = {
    ids: linksIn('/dev/disk/by-id'),
    uuids: linksIn('/dev/disk/by-uuid'),
    labels: linksIn('/dev/disk/by-label'),
    masters: mastersOf(),
  }
  const pci = (await printed('lspci', ['-D'])) ?? ''
  const disks = unsortedNames('/sys/block')
  const devices = disks.map((name) => [name, oneDevice(name, links, pci)] as const)
  return { devices: Object.fromEntries(devices), device_links: links }
}

function linksIn(folder: string): ByDevice {
  const found: Record<string, string[]> = {}
  for (const name of names(folder)) {
    const target = targetOf(`${folder}/${name}`)
    if (target !== undefined) (found[target] ??= []).push(name)
  }
  return found
}

function targetOf(link: string): string | undefined {
  try {
    return basename(readlinkSync(link))
  } catch {
    return undefined // gone while we looked
  }
}

function mastersOf(): ByDevice {
  const found: Record<string, string[]> = {}
  for (const device of names('/sys/block')) {
    for (const slave of names(`/sys/block/${device}/slaves`)) (found[slave] ??= []).push(device)
  }
  return found
}

function linksOf(name: string, links: Links): Facts {
  return Object.fromEntries(
    Object.entries(links).map(([kind, byDevice]) => [kind, (byDevice as ByDevice)[name] ?? []]),
  )
}

function oneDevice(name: string, links: Links, pci: string): Facts {
  const folder = `/sys/block/${name}`
  const read = (file: string) => told(`${folder}/${file}`)
  const sectors = read('size') ?? '0'
  const serial = read('device/serial')
  const wwn = links.ids[name]?.find((id) => id.startsWith('wwn-'))
  return {
    virtual: isLink(folder) ? 1 : 0,
    links: linksOf(name, links),
    vendor: read('device/vendor') ?? null,
    model: read('device/model') ?? null,
    sas_address: read('device/sas_address') ?? null,
    sas_device_handle: read('device/sas_device_handle') ?? null,
    ...(serial === undefined ? {} : { serial }),
    removable: read('removable') ?? null,
    support_discard: read('queue/discard_granularity') ?? null,
    ...(wwn === undefined ? {} : { wwn: wwn.slice(4) }),
    partitions: partitionFacts(name, links),
    rotational: read('queue/rotational') ?? null,
    scheduler_mode: /\[([^\]]*)\]/u.exec(read('queue/scheduler') ?? '')?.[1] ?? '',
    sectors,
    sectorsize: read('queue/logical_block_size') ?? '512',
    size: humanSize(Number(sectors) * 512),
    host: hostOf(folder, pci),
    holders: holdersOf(folder),
  }
}

/** A file of the kernel that says something. */
function told(file: string): string | undefined {
  const text = content(file)
  return text === '' ? undefined : text
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return true
  }
}

/** The PCI device that a disk hangs on, as lspci calls it. */
function hostOf(folder: string, pci: string): string {
  let real: string
  try {
    real = realpathSync(folder)
  } catch {
    return ''
  }
  const id = /.+\/([a-f\d]{4}:[a-f\d]{2}:[01][a-f\d]\.[0-7])\//u.exec(real)?.[1]
  if (id === undefined) return ''
  const line = pci.split('\n').find((one) => one.startsWith(`${id} `))
  return line === undefined ? '' : line.slice(id.length + 1)
}

function holdersOf(folder: string): readonly string[] {
  return unsortedNames(`${folder}/holders`)
    .filter((name) => name.startsWith('dm-'))
    .map((name) => told(`${folder}/holders/${name}/dm/name`) ?? name)
}

function partitionFacts(disk: string, links: Links): Facts {
  const partitions: Record<string, Facts> = {}
  for (const name of unsortedNames(`/sys/block/${disk}`)) {
    const folder = `/sys/block/${disk}/${name}`
    const start = content(`${folder}/start`)
    if (start === undefined) continue
    const sectors = content(`${folder}/size`) ?? '0'
    partitions[name] = {
      links: linksOf(name, links),
      start,
      sectors,
      sectorsize: told(`${folder}/queue/logical_block_size`) ?? 512,
      size: humanSize(Number(sectors) * 512),
      uuid: links.uuids[name]?.[0] ?? null,
      holders: holdersOf(folder),
    }
  }
  return partitions
}
