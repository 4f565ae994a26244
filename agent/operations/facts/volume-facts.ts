import { readlinkSync } from 'node:fs'
import { content, findTool, names, printed, type Facts } from './read.ts'

const volumeOptions = ['--noheadings', '--nosuffix', '--units', 'g', '--separator', ',']

/** `lvm`: volume groups, logical and physical volumes, as root sees them; `N/A` for others and without the tools. */
export async function volumeFacts(): Promise<Facts> {
  if (process.getuid?.() !== 0 || findTool('vgs') === undefined) return { lvm: 'N/A' }
  const [vgs, lvs, pvs] = await Promise.all(['vgs', 'lvs', 'pvs'].map(rowsOf))
  return {
    lvm: {
      lvs: Object.fromEntries((lvs ?? []).map(([lv, vg, , size]) => [lv, { size_g: size, vg }])),
      vgs: Object.fromEntries((vgs ?? []).map((row) => [row[0], groupOf(row)])),
      pvs: Object.fromEntries(
        (pvs ?? []).map(([pv, vg, , , size, free]) => [
          mapped(pv ?? ''),
          { size_g: size, free_g: free, vg },
        ]),
      ),
    },
  }
}

function groupOf(row: readonly string[]): Facts {
  return { size_g: row.at(-2), free_g: row.at(-1), num_lvs: row[2], num_pvs: row[1] }
}

async function rowsOf(tool: string): Promise<readonly (readonly string[])[]> {
  const text = (await printed(tool, volumeOptions)) ?? ''
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(','))
}

/** A device of the mapper under its name. */
function mapped(device: string): string {
  const name = content(`/sys/block/${device.replace('/dev/', '')}/dm/name`)
  return device.startsWith('/dev/dm-') && name !== undefined ? `/dev/mapper/${name}` : device
}

/** File systems by the device that they are on. */
export function uuidsByDevice(): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const uuid of names('/dev/disk/by-uuid')) {
    try {
      const target = readlinkSync(`/dev/disk/by-uuid/${uuid}`)
      const name = target.split('/').at(-1) ?? ''
      found.set(`/dev/${name}`, uuid)
      found.set(mapped(`/dev/${name}`), uuid)
    } catch {
      // Gone while we looked.
    }
  }
  return found
}
