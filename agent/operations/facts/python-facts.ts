import { findTool, printed, type Facts } from './read.ts'

const question = `import json,platform,sys
try:
    from ssl import SSLContext
    s=True
except Exception:
    s=False
v=sys.version_info
print(json.dumps({"version":platform.python_version(),"info":list(v),"exe":sys.executable,"ssl":s,"type":getattr(sys,"implementation",None) and sys.implementation.name}))`

interface PythonAnswer {
  readonly version: string
  readonly info: readonly [number, number, number, string, number]
  readonly exe: string
  readonly ssl: boolean
  readonly type: string
}

/** The host's Python, which modules that are not the agent's own run on; nothing where there is none. */
export async function pythonFacts(): Promise<Facts> {
  const name = ['python3', 'python'].find((candidate) => findTool(candidate) !== undefined)
  const text = name === undefined ? undefined : await printed(name, ['-c', question])
  if (text === undefined) return {}
  try {
    const { version, info, exe, ssl, type } = JSON.parse(text) as PythonAnswer
    const [major, minor, micro, releaselevel, serial] = info
    return {
      python: {
        version: { major, minor, micro, releaselevel, serial },
        version_info: info,
        executable: exe,
        has_sslcontext: ssl,
        type,
      },
      python_version: version,
    }
  } catch {
    return {} // it answers something else: no Python of ours
  }
}
