import type { Insertable, Selectable } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import type { HostRow, HostStore } from './store.ts'

/** Hosts with an agent, in SQLite. */
export class SqliteHostStore implements HostStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async save(host: HostRow): Promise<void> {
    await this.#database.write(() => this.#save(host))
  }

  async update(name: string, change: Partial<Omit<HostRow, 'name'>>): Promise<void> {
    await this.#database.write(() => {
      const host = this.#find(name)
      if (host) this.#save({ ...host, ...change })
    })
  }

  async find(name: string): Promise<HostRow | undefined> {
    return this.#find(name)
  }

  async list(): Promise<readonly HostRow[]> {
    return this.#database
      .rows(this.#database.query.selectFrom('hosts').selectAll().orderBy('name'))
      .map(hostFromRow)
  }

  async remove(name: string): Promise<void> {
    await this.#database.write(() =>
      this.#database.execute(this.#database.query.deleteFrom('hosts').where('name', '=', name)),
    )
  }

  #find(name: string): HostRow | undefined {
    const query = this.#database.query.selectFrom('hosts').selectAll().where('name', '=', name)
    return this.#database.rows(query).map(hostFromRow)[0]
  }

  #save(host: HostRow): void {
    const row = hostToRow(host)
    this.#database.execute(
      this.#database.query
        .insertInto('hosts')
        .values(row)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row)),
    )
  }
}

function hostToRow(host: HostRow): Insertable<Schema['hosts']> {
  return {
    name: host.name,
    address: host.address,
    agent_port: host.agentPort,
    agent_id: host.agentId,
    journal_id: host.journalId,
    last_seq: host.lastSeq,
    agent_user: host.agentUser,
    is_root: Number(host.isRoot),
    version: host.version,
    containment: host.containment,
    bundle_hash: host.bundleHash,
    installed_at_ms: Math.round(host.installedAtMs),
    last_seen_ms: host.lastSeenMs === undefined ? null : Math.round(host.lastSeenMs),
    way: host.way,
  }
}

function hostFromRow(row: Selectable<Schema['hosts']>): HostRow {
  return {
    name: row.name,
    address: row.address,
    agentPort: row.agent_port,
    agentId: row.agent_id,
    journalId: row.journal_id,
    lastSeq: row.last_seq,
    agentUser: row.agent_user,
    isRoot: row.is_root === 1,
    version: row.version,
    containment: row.containment,
    bundleHash: row.bundle_hash,
    installedAtMs: row.installed_at_ms,
    lastSeenMs: row.last_seen_ms ?? undefined,
    way: row.way,
  }
}
