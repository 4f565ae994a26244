import { createReadStream } from 'node:fs'
import { quoteWord } from '../ssh/words.ts'
import type { NodeChoice } from './choose-node.ts'
import type { Layout } from './layout.ts'
import type { Parcel, Parcels } from './parcels.ts'
import type { Workplace } from './workplace.ts'

/** The files of the program as they should be on the host. */
export interface ProgramFiles {
  readonly bundle: Parcel
  readonly bundlePath: string
  readonly node: NodeChoice
  /** The launcher's text: it names the bundle and the runtime, so that one rename switches both. */
  readonly launcherText: string
}

/** What of {@link ProgramFiles} is missing on the host, or not as it should be. */
export interface ProgramState {
  readonly isBundleThere: boolean
  readonly isNodeThere: boolean
  readonly isLauncherThere: boolean
}

/**
 * For a process that mostly waits: a small space for what is new, so that the pieces of a stream are dropped soon.
 * Every Node from 20 on takes them. The agent hands them on to the processes that it starts of itself.
 */
export const memoryFlags = ['--max-semi-space-size=1', '--optimize-for-size']

export function planProgram(
  bundle: Parcel,
  options: { readonly node: NodeChoice; readonly programDir: string },
): ProgramFiles {
  const { node, programDir } = options
  const bundlePath = `${programDir}/agent-${bundle.hash.slice(0, 16)}.mjs`
  const line = `exec ${quoteWord(node.path)} ${memoryFlags.join(' ')} ${quoteWord(bundlePath)} "$@"`
  const launcherText = `#!/bin/sh\n${line}\n`
  return { bundle, bundlePath, node, launcherText }
}

/** A script that prints `bundle=yes`, `node=yes` and `launcher=yes` for what is as it should be. */
export function inspectProgramScript(
  { bundle, bundlePath, node, launcherText }: ProgramFiles,
  launcher: string,
): string {
  return `
bundle=${quoteWord(bundlePath)}
if command -v sha256sum >/dev/null 2>&1
then [ "$(sha256sum <"$bundle" 2>/dev/null | cut -d' ' -f1)" = ${bundle.hash} ] && echo bundle=yes
else [ -s "$bundle" ] && echo bundle=yes
fi
${quoteWord(node.path)} -v >/dev/null 2>&1 </dev/null && echo node=yes
[ -x ${quoteWord(launcher)} ] && [ "$(cat ${quoteWord(launcher)})" = ${quoteWord(launcherText.trimEnd())} ] && echo launcher=yes
`
}

export function parseProgramState(output: string): ProgramState {
  const says = (line: string) => output.split('\n').includes(line)
  return {
    isBundleThere: says('bundle=yes'),
    isNodeThere: says('node=yes'),
    isLauncherThere: says('launcher=yes'),
  }
}

export interface SendOptions {
  readonly parcels: Parcels
  readonly hasGzip: boolean
  /** Told what is sent. */
  readonly onFile: (what: string) => void
}

/** Sends what is missing; each file appears whole, by a rename. */
export async function sendProgram(
  place: Workplace,
  {
    files,
    state,
    ...options
  }: SendOptions & { readonly files: ProgramFiles; readonly state: ProgramState },
): Promise<void> {
  const { node, bundle, bundlePath, launcherText } = files
  const { launcher } = place.layout
  if (node.kind === 'sent' && !state.isNodeThere) {
    options.onFile('sends the Node runtime')
    await sendParcel(place, { parcel: node.parcel, target: node.path, mode: '755', ...options })
  }
  if (!state.isNodeThere) await checkNode(place, node)
  if (!state.isBundleThere) {
    options.onFile('sends the agent')
    await sendParcel(place, { parcel: bundle, target: bundlePath, mode: '644', ...options })
  }
  if (!state.isLauncherThere) {
    await place.run(
      putScript({ target: launcher, mode: '755', reader: 'cat', layout: place.layout }),
      {
        what: `${launcher} could not be written`,
        input: launcherText,
      },
    )
  }
}

interface SendParcel {
  readonly parcel: Parcel
  readonly target: string
  readonly mode: string
  readonly parcels: Parcels
  readonly hasGzip: boolean
}

async function sendParcel(
  place: Workplace,
  { parcel, target, mode, parcels, hasGzip }: SendParcel,
): Promise<void> {
  const path = hasGzip ? await parcels.compressed(parcel) : parcel.path
  const input = createReadStream(path, { highWaterMark: 256 * 1024 })
  try {
    await place.run(
      putScript({ target, mode, reader: hasGzip ? 'gzip -dc' : 'cat', layout: place.layout }),
      {
        what: `${target} could not be written`,
        input,
      },
    )
  } finally {
    input.destroy()
  }
}

interface PutOptions {
  readonly target: string
  readonly mode: string
  /** The program that turns standard input into the file. */
  readonly reader: string
  readonly layout: Layout
}

/** What an earlier try left half-done goes first; a reader that fails leaves nothing. */
function putScript({ target, mode, reader, layout }: PutOptions): string {
  return `
umask 022
${makeDirsScript(layout)}
rm -f ${quoteWord(target)}.new.*
draft=${quoteWord(target)}.new.$$
${reader} >"$draft" && chmod ${mode} "$draft" && mv -f "$draft" ${quoteWord(target)} && exit 0
rm -f "$draft"
exit 1
`
}

/** Makes the directories, and keeps a list of those that were not there: the innermost first. */
function makeDirsScript({ programDir, parents }: Layout): string {
  return `
made=
for d in ${parents.map(quoteWord).join(' ')}
do [ -d "$d" ] || { mkdir "$d" && made="$d
$made"; } || exit 1; done
mkdir -p ${quoteWord(programDir)} || exit 1
[ -z "$made" ] || printf %s "$made" >>${quoteWord(madeList(programDir))}
`
}

function madeList(programDir: string): string {
  return `${programDir}/made`
}

/** A script that removes the program and what {@link sendProgram} made for it, as far as nobody else uses it. */
export function removeProgramScript({ programDir, stateDir }: Layout): string {
  return `
made=$(cat ${quoteWord(madeList(programDir))} 2>/dev/null)
rm -rf ${quoteWord(programDir)} ${quoteWord(stateDir)}
printf '%s\\n' "$made" | while read -r d; do [ -z "$d" ] || rmdir "$d" 2>/dev/null; done
`
}

async function checkNode(place: Workplace, { path, kind }: NodeChoice): Promise<void> {
  const { exitCode, stdout, stderr } = await place.try(`${quoteWord(path)} -v </dev/null`)
  if (exitCode === 0 && /^v\d+\./u.test(stdout.trim())) return
  const what =
    kind === 'sent'
      ? 'the Node runtime that was sent does not run there'
      : `${path} does not run there`
  throw place.error(what, stderr.trim() === '' ? `exit code ${exitCode}` : stderr)
}

/** A script that removes bundles and runtimes of earlier versions. */
export function tidyScript({ bundlePath, node }: ProgramFiles, programDir: string): string {
  return `
for f in ${quoteWord(programDir)}/agent-*.mjs ${quoteWord(programDir)}/node-* ${quoteWord(programDir)}/*.new.*
do case "$f" in ${quoteWord(bundlePath)}|${quoteWord(node.path)}) ;; *) rm -f "$f" ;; esac; done
`
}
