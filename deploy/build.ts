// Builds the programs into dist/: the agent as one file that any Node >= 20 runs, the controller, the command line.
import { build, type BuildOptions, type Plugin } from 'esbuild'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = join(import.meta.dirname, '..')

/** What the programs carry as text, by the program (see proto/assets.ts). */
const assets = {
  agent: ['proto/agent.proto', 'agent/jobs/shim.sh', 'agent/upgrade/switch.sh'],
  controller: [
    'proto/agent.proto',
    'proto/control.proto',
    'deploy/units/errand-agent.service',
    'controller/packer/pack.py',
    'controller/plugins/python/boot.py',
    'controller/plugins/python/channel.py',
    'controller/plugins/python/serve.py',
    'controller/plugins/python/values.py',
    'controller/plugins/python/with_core.py',
    'controller/plugins/python/without_core.py',
  ],
  cli: ['proto/control.proto'],
} as const

/** ssh2 looks for compiled parts that make it faster; they are not shipped, and it runs as well without. */
const withoutNativeParts: Plugin = {
  name: 'without-native-parts',
  setup(esbuild) {
    esbuild.onResolve({ filter: /\.node$|^cpu-features$/ }, ({ path }) => ({
      path,
      namespace: 'absent',
    }))
    esbuild.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of this bundle`)})`,
    }))
  },
}

/** What packages in the older module format expect around them. */
const olderModules = [
  "import { createRequire as errandCreateRequire } from 'node:module'",
  "import { fileURLToPath as errandFileURLToPath } from 'node:url'",
  'const require = errandCreateRequire(import.meta.url)',
  "const __dirname = errandFileURLToPath(new URL('.', import.meta.url))",
].join('\n')

/**
 * Bundles all programs into `folder`, whose old content goes when the new one is there.
 *
 * @throws When a source cannot be bundled; esbuild has then said why on standard error.
 */
async function buildAll(folder: string): Promise<void> {
  const fresh = `${folder}.${process.pid}`
  try {
    await buildInto(fresh)
    rmSync(folder, { recursive: true, force: true })
    renameSync(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

async function buildInto(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await Promise.all([
    bundle(folder, { 'errand-agent': 'agent/main.ts' }, { target: 'node20', ...carrying('agent') }),
    bundle(
      folder,
      { controller: 'controller/main.ts' },
      { target: 'node24', ...carrying('controller') },
    ),
    bundle(folder, { 'plugin-pipe': 'controller/plugins/pipe-worker.ts' }, { target: 'node24' }),
    bundle(
      folder,
      { cli: 'controller/cli/main.ts' },
      {
        target: 'node24',
        splitting: true,
        chunkNames: 'cli/[name]-[hash]',
        ...carrying('cli'),
      },
    ),
  ])
  const launcher = join(folder, 'errand')
  copyFileSync(join(root, 'deploy', 'launcher.sh'), launcher)
  chmodSync(launcher, 0o755)
}

async function bundle(
  outdir: string,
  entryPoints: Readonly<Record<string, string>>,
  options: BuildOptions,
): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Small, and a stack trace still shows names and lines of a readable length.
    minifyWhitespace: true,
    lineLimit: 200,
    keepNames: true,
    legalComments: 'none',
    banner: { js: olderModules },
    plugins: [withoutNativeParts],
    logLevel: 'warning',
    ...options,
  })
}

/** The definition that embeds a program's assets. */
function carrying(program: keyof typeof assets): Pick<BuildOptions, 'define'> {
  const texts = assets[program].map(
    (path) => [path, readFileSync(join(root, path), 'utf8')] as const,
  )
  return { define: { ERRAND_ASSETS: JSON.stringify(Object.fromEntries(texts)) } }
}

await buildAll(resolve(process.argv[2] ?? join(root, 'dist')))
