import type { BuildAge } from '../../../proto/control.ts'

/** One build of the agent. */
export interface Build {
  readonly version: string
  /** SHA-256 of the bundle. */
  readonly bundleHash: string
}

/** Compares the build of an agent with the controller's own. */
export function compareBuild(build: Build, own: Build): BuildAge {
  if (build.bundleHash === own.bundleHash) return 'current'
  const order = compareVersions(build.version, own.version)
  if (order === 0) return 'other'
  return order < 0 ? 'older' : 'newer'
}

/** A build for people: its version, and the start of its hash, which tells builds of one version apart. */
export function buildName({ version, bundleHash }: Build): string {
  return `${version} (${bundleHash.slice(0, 8)})`
}

/** By the numbers between the dots; what follows a dash comes before the version itself. */
function compareVersions(a: string, b: string): number {
  const [numbersA, restA] = parts(a)
  const [numbersB, restB] = parts(b)
  for (const [index, number] of numbersA.entries()) {
    const difference = number - (numbersB[index] ?? 0)
    if (difference !== 0) return difference
  }
  if (restA === restB) return 0
  if (restA === '' || restB === '') return restA === '' ? 1 : -1
  return restA < restB ? -1 : 1
}

function parts(version: string): readonly [readonly number[], string] {
  const [numbers = '', ...rest] = version.split('-')
  const list = numbers.split('.').map((text) => Number.parseInt(text, 10) || 0)
  return [[list[0] ?? 0, list[1] ?? 0, list[2] ?? 0], rest.join('-')]
}
