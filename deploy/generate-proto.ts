// Generates proto/gen from the .proto files; with --check, only says whether it is as it would be generated.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const target = join(root, 'proto', 'gen')

if (process.argv.includes('--check')) check()
else generate(target)

function generate(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  execFileSync(
    join(root, 'node_modules', '.bin', 'proto-loader-gen-types'),
    [
      '--longs=Number',
      '--enums=String',
      '--defaults',
      '--oneofs',
      '--grpcLib=@grpc/grpc-js',
      '--importFileExtension=.ts',
      '--targetFileExtension=.ts',
      '--includeDirs=proto',
      `--outDir=${folder}`,
      'agent.proto',
      'control.proto',
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  )
}

function check(): void {
  const fresh = mkdtempSync(join(tmpdir(), 'errand-proto-'))
  try {
    generate(fresh)
    if (read(fresh) === read(target)) return
    process.stderr.write(
      'proto/gen is not what the .proto files generate: run npm run proto and commit it\n',
    )
    process.exitCode = 1
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function read(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => `${relative(folder, file)}\n${readFileSync(file, 'utf8')}`)
    .join('\n')
}
