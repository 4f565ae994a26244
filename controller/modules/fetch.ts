import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { mapOf, newMap, type Value, type ValueMap } from '../../proto/value.ts'
import { textOf } from './arguments.ts'
import { answer, failure, type Answer, type HostCall, type HostModule } from './module.ts'
import { nested } from './plain-operations.ts'

/** Brings a file from the host to the controller. */
export const fetch: HostModule = {
  kind: 'host',
  name: 'fetch',
  isFreeForm: false,
  options: {
    src: { type: 'raw' },
    dest: { type: 'raw' },
    flat: { type: 'bool', default: false },
    fail_on_missing: { type: 'bool', default: true },
    validate_checksum: { type: 'bool', default: true },
  },
  ask: async (call) => {
    if (call.checkMode)
      return answer(
        mapOf({
          changed: false,
          skipped: true,
          msg: 'check mode not (yet) supported for this module',
        }),
      )
    const wrong = wrongPaths(call)
    if (wrong !== undefined) return failure(wrong)
    const src = textOf(call.args.get('src') ?? '')
    const found = nested(
      await call.operation(
        'stat',
        newMap([
          ['path', src],
          ['follow', true],
        ]),
      ),
      'stat',
    )
    const problem = problemWith(found)
    if (problem !== undefined) return refuse(call, src, problem)
    return await bring(call, { src, checksum: textOf(found.get('checksum') ?? '') })
  },
}

const isFolder = 'remote file is a directory, fetch cannot work on directories'

function wrongPaths({ args }: HostCall): string | undefined {
  const [src, dest] = [args.get('src'), args.get('dest')]
  const isWrong = (value: Value | undefined) => value !== undefined && typeof value !== 'string'
  if (isWrong(src)) return 'Invalid type supplied for source option, it must be a string'
  if (isWrong(dest)) return 'Invalid type supplied for dest option, it must be a string'
  return src === undefined || dest === undefined ? 'src and dest are required' : undefined
}

async function isFolderHere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false // nothing there
  }
}

const missing = 'the remote file does not exist'

function problemWith(found: ValueMap): string | undefined {
  if (found.get('exists') !== true) return missing
  if (found.get('isdir') === true) return isFolder
  return found.get('readable') === false ? 'remote file is not readable' : undefined
}

function refuse(call: HostCall, src: string, problem: string): Answer {
  if (call.args.get('fail_on_missing') !== false) {
    // Ansible says that it ignores a file that is not there, and fails.
    if (problem === missing) return failure(`${missing}, not transferring, ignored`)
    return failure(problem, problem === isFolder ? {} : { file: src })
  }
  return answer(
    mapOf({
      changed: false,
      failed: false,
      ...(problem === isFolder ? {} : { file: src }),
      msg: `${problem}, not transferring, ignored`,
    }),
  )
}

async function bring(
  call: HostCall,
  remote: { readonly src: string; readonly checksum: string },
): Promise<Answer> {
  const { src, checksum } = remote
  const dest = destination(call, src)
  if (await isFolderHere(dest))
    return failure(
      'dest is an existing directory, use a trailing slash if you want to fetch src into that directory',
    )
  if ((await checksumOf(dest)) === checksum) {
    const md5sum = await checksumOf(dest, 'md5')
    return answer(mapOf({ changed: false, md5sum: md5sum ?? null, file: src, dest, checksum }))
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of call.download(src)) chunks.push(chunk)
  const content = Buffer.concat(chunks)
  const got = createHash('sha1').update(content).digest('hex')
  if (call.args.get('validate_checksum') !== false && got !== checksum) {
    return failure('checksum mismatch', {
      changed: false,
      file: src,
      dest,
      checksum: got,
      remote_checksum: checksum,
    })
  }
  await mkdir(dirname(dest), { recursive: true })
  await writeFile(`${dest}.errand-part`, content)
  await rename(`${dest}.errand-part`, dest)
  const md5sum = createHash('md5').update(content).digest('hex')
  return answer(
    mapOf({
      changed: true,
      md5sum,
      dest,
      remote_md5sum: null,
      checksum: got,
      remote_checksum: checksum,
    }),
  )
}

function destination(call: HostCall, src: string): string {
  const dest = textOf(call.args.get('dest') ?? '')
  const base = resolve(call.baseDir, dest)
  if (call.args.get('flat') !== true) return join(base, call.host, src)
  return dest.endsWith('/') ? join(base, basename(src)) : base
}

async function checksumOf(path: string, algorithm = 'sha1'): Promise<string | undefined> {
  try {
    return createHash(algorithm)
      .update(await readFile(path))
      .digest('hex')
  } catch {
    return undefined // not there yet
  }
}
