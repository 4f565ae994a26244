import { availableParallelism, uptime } from 'node:os'
import { statfs } from 'node:fs/promises'
import { deviceFacts } from './device-facts.ts'
import { content, printed, type Facts } from './read.ts'
import { uuidsByDevice, volumeFacts } from './volume-facts.ts'

/** Processors, memory, file systems, disks and what the firmware says of the machine. */
export async function hardwareFacts(): Promise<Facts> {
  return {
    ...processorFacts(content('/proc/cpuinfo') ?? ''),
    ...memoryFacts(content('/proc/meminfo') ?? ''),
    uptime_seconds: Math.floor(uptime()),
    ...firmwareFacts(),
    mounts: await mountFacts(content('/proc/self/mounts') ?? ''),
    ...(await deviceFacts()),
    ...(await volumeFacts()),
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
  const read = (file: string) => content(`/sys/class/dmi/id/${file}`)
  const told = firmware.map(([fact, file]) => [fact, orNA(read(file))] as const)
  return { ...Object.fromEntries(told), form_factor: formFactorOf(read('chassis_type')) }
}

function orNA(text: string | undefined): string {
  return text === undefined || text === '' ? 'NA' : text
}

// By the number that the firmware has for it (System Management BIOS, type 3).
const formFactors = [
  'Unknown',
  'Other',
  'Unknown',
  'Desktop',
  'Low Profile Desktop',
  'Pizza Box',
  'Mini Tower',
  'Tower',
  'Portable',
  'Laptop',
  'Notebook',
  'Hand Held',
  'Docking Station',
  'All In One',
  'Sub Notebook',
  'Space-saving',
  'Lunch Box',
  'Main Server Chassis',
  'Expansion Chassis',
  'Sub Chassis',
  'Bus Expansion Chassis',
  'Peripheral Chassis',
  'RAID Chassis',
  'Rack Mount Chassis',
  'Sealed-case PC',
  'Multi-system',
  'CompactPCI',
  'AdvancedTCA',
  'Blade',
  'Blade Enclosure',
  'Tablet',
  'Convertible',
  'Detachable',
  'IoT Gateway',
  'Embedded PC',
  'Mini PC',
  'Stick PC',
]

/** The text of chassis_type. */
export function formFactorOf(number: string | undefined): string {
  if (number === undefined || number === '') return 'NA'
  return formFactors[Number(number)] ?? `unknown (${number})`
}

/** File systems that stand on something, in the order of the table. */
async function mountFacts(table: string): Promise<readonly Facts[]> {
  const uuids = uuidsByDevice()
  const bound = boundPlaces(
    (await printed('findmnt', ['--list', '--noheadings', '--notruncate'])) ?? '',
  )
  const mounts: Facts[] = []
  for (const line of table.split('\n')) {
    const [device = '', mount = '', fstype = '', options = ''] = line.split(' ').map(unescapeMount)
    const isReal = device.startsWith('/') || device.includes(':/')
    if (!isReal || fstype === 'none') continue
    const uuid = uuids.get(device) ?? 'N/A'
    const isNew = bound.has(mount) && !/(?:^|,)bind(?:,|$)/u.test(options)
    const told = isNew ? `${options},bind` : options
    mounts.push({ mount, device, fstype, options: told, ...(await sizeOf(mount)), uuid })
  }
  return mounts
}

/** What is bound to its place has a folder in brackets as its source, in the text of findmnt. */
export function boundPlaces(text: string): ReadonlySet<string> {
  const fields = text.split('\n').map((line) => line.trim().split(/\s+/u))
  return new Set(
    fields.flatMap(([place = '', source = '']) => (/.*\]/u.test(source) ? [place] : [])),
  )
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
