import type { HostLabel } from '../../proto/run.ts'

/** `[h]`, or `[h -> d]`. */
export function hostLabel(host: string, delegate: string | undefined): HostLabel {
  return delegate === undefined || delegate === host ? { host } : { host, delegate }
}
