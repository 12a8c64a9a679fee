-- What a comparison of the two stores has found (alur verify). `repair`: what can be done about it without a decision; null: a person decides.
create table verification (
  key bigint primary key,
  -- {"scope": "open" | "all", "sample": n | null, "restored": bool}
  options jsonb not null,
  state text not null default 'RUNNING' check (state in ('RUNNING', 'COMPLETED', 'FAILED', 'REPAIRING')),
  checked integer not null default 0,
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  message text
);
create table verification_difference (
  verification_key bigint not null references verification on delete cascade,
  number integer not null,
  kind text not null,
  instance_key bigint,
  detail jsonb not null,
  repair text,
  -- What came of the repair; null: none was tried.
  outcome text check (outcome in ('REPAIRED', 'FAILED')),
  outcome_message text,
  primary key (verification_key, number)
);

-- Cases that stand still although nothing says so in them: found by the sweeper, resolved by it when the cause is gone. Shown as incidents.
create table stuck_case (
  key bigint primary key,
  instance_key bigint not null,
  cause text not null,
  process_id text not null,
  definition_key bigint,
  business_key text,
  region text not null,
  element_key bigint,
  element_id text not null default '',
  detail jsonb not null,
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'RESOLVED')),
  since timestamptz not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  resolved_at timestamptz
);
create unique index stuck_case_active on stuck_case (instance_key, cause) where state = 'ACTIVE';
create index stuck_case_instance on stuck_case (instance_key);

-- The sweep is one per cluster: whoever moves `last_at` on runs it.
create table sweep (
  only_row boolean primary key default true check (only_row),
  last_at timestamptz not null,
  duration_ms integer,
  -- When the heads of the audit chains were last written down outside; null: never.
  anchored_at timestamptz,
  -- What could not be looked at, such as Temporal when it does not answer.
  message text
);
insert into sweep (last_at) values ('-infinity');

-- When somebody last asked for jobs of a type: a parked job that nobody ever asks for is stuck.
create table job_poll (
  type text primary key,
  worker text not null,
  last_at timestamptz not null default now()
);

grant select, insert, update, delete on verification, verification_difference, stuck_case, sweep, job_poll to alur_worker;
grant select, insert, update (state) on verification to alur_app;
grant select on verification_difference, stuck_case, sweep, job_poll to alur_app;
grant insert, update on job_poll to alur_app;

alter table stuck_case enable row level security;
alter table stuck_case force row level security;
create policy stuck_case_region on stuck_case to alur_app using (region_visible(region)) with check (region_visible(region));
create policy stuck_case_worker on stuck_case to alur_worker using (true) with check (true);

-- Incidents as people see them: those of the process, and cases that stand still.
create view visible_incident with (security_invoker = true) as
  select n.key, n.instance_key, n.process_id, n.business_key, n.region, n.element_key, n.element_id, n.job_key, n.code, n.message, n.state,
         n.created_at, n.resolved_at, null::jsonb as stuck, i.definition_key, i.root_key
    from incident n join instance i on i.key = n.instance_key
  union all
  select s.key, s.instance_key, s.process_id, s.business_key, s.region, s.element_key, s.element_id, null, s.cause, '', s.state,
         s.created_at, s.resolved_at, s.detail || jsonb_build_object('since', s.since), coalesce(i.definition_key, s.definition_key), coalesce(i.root_key, s.instance_key)
    from stuck_case s left join instance i on i.key = s.instance_key;
grant select on visible_incident to alur_app, alur_worker;
