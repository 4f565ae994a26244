/**
 * The three functions of metadata reflection that @peculiar/x509's container of parts asks for. It must be imported
 * before that package. What it annotates are its own classes, and nothing of it goes beyond this process.
 */
const stored = new WeakMap<object, Map<unknown, unknown>>()

function own(key: unknown, target: object): unknown {
  return stored.get(target)?.get(key)
}

function inherited(key: unknown, target: object): unknown {
  for (let at: object | null = target; at; at = Reflect.getPrototypeOf(at)) {
    if (stored.get(at)?.has(key) === true) return own(key, at)
  }
  return undefined
}

function define(key: unknown, value: unknown, target: object): void {
  const entries = stored.get(target) ?? new Map<unknown, unknown>()
  stored.set(target, entries.set(key, value))
}

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, { getMetadata: inherited, getOwnMetadata: own, defineMetadata: define })
}
