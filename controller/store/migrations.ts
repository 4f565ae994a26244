/**
 * Steps from one version of the database to the next, in order; version N is the state after N steps. A step that was
 * released is never changed: a new one is added, with a sample of the version before it in test/fixtures/compat.
 */
export const migrations: readonly string[] = [
  `
  create table runs (
    run_id text primary key,
    request text not null,
    state text not null,
    started_at_ms integer not null,
    ended_at_ms integer,
    exit_code integer
  ) strict;
  create index runs_by_time on runs (started_at_ms);

  create table events (
    run_id text not null references runs (run_id) on delete cascade,
    seq integer not null,
    at_ms integer not null,
    body text not null,
    primary key (run_id, seq)
  ) strict;

  create table jobs (
    job_id text primary key,
    host text not null,
    agent_id text not null,
    run_id text not null,
    task_id text not null,
    name text not null,
    is_async integer not null,
    created_at_ms integer not null,
    state text not null,
    report text,
    inline_stdout blob,
    inline_stderr blob,
    last_seen_ms integer,
    is_forgotten integer not null
  ) strict;
  create index jobs_by_run on jobs (run_id);
  create index jobs_by_host on jobs (host);
  create index jobs_open on jobs (state) where state in ('submitting', 'running');

  create table hosts (
    name text primary key,
    address text not null,
    agent_port integer not null,
    agent_id text not null,
    journal_id text not null,
    last_seq integer not null,
    agent_user text not null,
    is_root integer not null,
    version text not null,
    containment text not null,
    bundle_hash text not null,
    installed_at_ms integer not null,
    last_seen_ms integer
  ) strict;
  create index hosts_by_agent on hosts (agent_id);
  `,
  // What is asked of many jobs at once: labels, the output of tasks, how long earlier runs of the same task took.
  `
  alter table jobs add column labels text not null default '{}';
  alter table jobs add column same_task text not null default '';
  alter table jobs add column has_output integer not null default 0;
  alter table jobs add column progress text not null default 'lines';
  create index jobs_by_task on jobs (host, same_task) where same_task <> '';
  `,
  // What the next controller needs to go on with a run; gone when the run has ended.
  `
  alter table jobs add column position text not null default '';
  create table checkpoints (
    run_id text not null references runs (run_id) on delete cascade,
    position text not null,
    value text not null,
    primary key (run_id, position)
  ) strict, without rowid;
  `,
  // Jobs that wait: for their host, until they expire, or on it for a lock.
  `
  alter table jobs add column lock text not null default '';
  alter table jobs add column expires_at_ms integer;
  drop index jobs_open;
  create index jobs_open on jobs (state) where state in ('waiting', 'submitting', 'queued', 'running');
  `,
  // How a host is reached over SSH: any controller can start its agent again.
  `
  alter table hosts add column way text not null default '';
  `,
]
