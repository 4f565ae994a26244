import { availableParallelism } from 'node:os'
import { statfs } from 'node:fs/promises'
import { readlinkSync } from 'node:fs'
import { content, names, type Facts } from './read.ts'

/** Processors, memory, file systems, disks and what the firmware says of the machine. */
export async function hardwareFacts(): Promise<Facts> {
  return {
    ...processorFacts(content('/proc/cpuinfo') ?? ''),
    ...memoryFacts(content('/proc/meminfo') ?? ''),
    ...firmwareFacts(),
    mounts: await mountFacts(content('/proc/self/mounts') ?? ''),
    devices: deviceFacts(),
  }
}

/** The text of /proc/cpuinfo. */
export function processorFacts(text: string): Facts {
  const processor: string[] = []
  const sockets = new Map<string, string>()
  let [cores, siblings, count] = [0, 0, 0]
  for (const line of text.split('\n')) {
    const [key = '', value = ''] = line.split(/\s*:\s*/u)
    if (key === 'processor') count += 1
    if (['processor', 'vendor_id', 'model name', 'Processor', 'cpu model', 'vendor'].includes(key))
      processor.push(value)
    if (key === 'physical id') sockets.set(value, value)
    if (key === 'cpu cores') cores = Number(value)
    if (key === 'siblings') siblings = Number(value)
  }
  const socketCount = sockets.size || Math.max(count, 1)
  const coreCount = cores || 1
  const threads = siblings > 0 && cores > 0 ? Math.max(1, Math.floor(siblings / cores)) : 1
  return {
    processor,
    processor_count: socketCount,
    processor_cores: coreCount,
    processor_threads_per_core: threads,
    processor_vcpus: socketCount * coreCount * threads,
    processor_nproc: availableParallelism(),
  }
}

/** The text of /proc/meminfo, in whole MiB. */
export function memoryFacts(text: string): Facts {
  const mb = (name: string) => {
    const kb = new RegExp(`^${name}:\\s+(\\d+)`, 'mu').exec(text)?.[1]
    return Math.floor(Number(kb ?? 0) / 1024)
  }
  const [total, free, swapTotal, swapFree] = [
    mb('MemTotal'),
    mb('MemFree'),
    mb('SwapTotal'),
    mb('SwapFree'),
  ]
  const noCache = free + mb('Cached') + mb('Buffers')
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swapTotal,
    swapfree_mb: swapFree,
    memory_mb: {
      real: { total, used: total - free, free },
      nocache: { free: noCache, used: total - noCache },
      swap: {
        total: swapTotal,
        free: swapFree,
        used: swapTotal - swapFree,
        cached: mb('SwapCached'),
      },
    },
  }
}

const firmware: readonly (readonly [string, string])[] = [
  ['bios_date', 'bios_date'],
  ['bios_vendor', 'bios_vendor'],
  ['bios_version', 'bios_version'],
  ['board_asset_tag', 'board_asset_tag'],
  ['board_name', 'board_name'],
  ['board_serial', 'board_serial'],
  ['board_vendor', 'board_vendor'],
  ['board_version', 'board_version'],
  ['chassis_asset_tag', 'chassis_asset_tag'],
  ['chassis_serial', 'chassis_serial'],
  ['chassis_vendor', 'chassis_vendor'],
  ['chassis_version', 'chassis_version'],
  ['product_name', 'product_name'],
  ['product_serial', 'product_serial'],
  ['product_uuid', 'product_uuid'],
  ['product_version', 'product_version'],
  ['system_vendor', 'sys_vendor'],
]

function firmwareFacts(): Facts {
  return Object.fromEntries(
    firmware.map(([fact, file]) => [fact, content(`/sys/class/dmi/id/${file}`) ?? 'NA']),
  )
}

/** File systems that stand on something, in the order of the table. */
async function mountFacts(table: string): Promise<readonly Facts[]> {
  const uuids = uuidsByDevice()
  const mounts: Facts[] = []
  for (const line of table.split('\n')) {
    const [device = '', mount = '', fstype = '', options = ''] = line.split(' ').map(unescapeMount)
    const isReal = device.startsWith('/') || device.includes(':/')
    if (!isReal || fstype === 'none') continue
    const uuid = uuids.get(device) ?? 'N/A'
    mounts.push({ mount, device, fstype, options, ...(await sizeOf(mount)), uuid })
  }
  return mounts
}

function unescapeMount(text: string): string {
  return text.replace(/\\(\d{3})/gu, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  )
}

/** A network file system that hangs must not hang the facts. */
async function sizeOf(mount: string): Promise<Facts> {
  const timeout = new Promise<undefined>((resolve) => {
    setTimeout(() => {
      resolve(undefined)
    }, 3000).unref()
  })
  const found = await Promise.race([statfs(mount).catch(() => undefined), timeout])
  if (!found) return {}
  const { bsize, blocks, bavail, bfree: _bfree, files, ffree } = found
  return {
    size_total: blocks * bsize,
    size_available: bavail * bsize,
    block_size: bsize,
    block_total: blocks,
    block_available: bavail,
    block_used: blocks - bavail,
    inode_total: files,
    inode_available: ffree,
    inode_used: files - ffree,
  }
}

function uuidsByDevice(): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const uuid of names('/dev/disk/by-uuid')) {
    try {
      const target = readlinkSync(`/dev/disk/by-uuid/${uuid}`)
      found.set(`/dev/${target.split('/').at(-1) ?? ''}`, uuid)
    } catch {
      // Gone while we looked.
    }
  }
  return found
}

function deviceFacts(): Facts {
  const devices: Record<string, Facts> = {}
  for (const name of names('/sys/block')) {
    if (/^(?:ram|zram)/u.test(name)) continue
    const sectors = Number(content(`/sys/block/${name}/size`) ?? 0)
    const read = (file: string) => content(`/sys/block/${name}/${file}`)
    devices[name] = {
      virtual: 1,
      links: { ids: [], uuids: [], labels: [], masters: [] },
      vendor: read('device/vendor') ?? null,
      model: read('device/model') ?? null,
      sas_address: null,
      sas_device_handle: null,
      removable: read('removable') ?? '0',
      support_discard: read('queue/discard_granularity') ?? '0',
      partitions: partitionFacts(name),
      rotational: read('queue/rotational') ?? '0',
      scheduler_mode: /\[([^\]]+)\]/u.exec(read('queue/scheduler') ?? '')?.[1] ?? '',
      sectors: String(sectors),
      sectorsize: read('queue/logical_block_size') ?? '512',
      size: humanSize(sectors * 512),
      host: '',
      holders: [],
    }
  }
  return devices
}

function partitionFacts(disk: string): Facts {
  const partitions: Record<string, Facts> = {}
  for (const name of names(`/sys/block/${disk}`)) {
    const start = content(`/sys/block/${disk}/${name}/start`)
    if (start === undefined) continue
    const sectors = content(`/sys/block/${disk}/${name}/size`) ?? '0'
    partitions[name] = {
      links: { ids: [], uuids: [], labels: [], masters: [] },
      start,
      sectors,
      sectorsize: 512,
      size: humanSize(Number(sectors) * 512),
      uuid: null,
      holders: [],
    }
  }
  return partitions
}

/** `256.00 GB`, as Ansible writes sizes: binary steps under decimal names. */
export function humanSize(bytes: number): string {
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB']
  let [value, at] = [bytes, 0]
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024
    at += 1
  }
  return `${value.toFixed(2)} ${units[at] ?? ''}`
}
