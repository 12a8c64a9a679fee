-- Read model, definitions, accounts, vault. Keys are 63-bit integers (engine/keys.ts). Three kinds of reader:
--   the owner runs migrations; alur_worker writes what instances report; alur_app serves people and is held by row-level security.
do $$
begin
  if not exists (select from pg_roles where rolname = 'alur_app') then create role alur_app nologin; end if;
  if not exists (select from pg_roles where rolname = 'alur_worker') then create role alur_worker nologin; end if;
  execute format('grant alur_app, alur_worker to %I', current_user);
end $$;

-- Numbers for instances, definitions, deployments, subjects …; a public key is the number shifted left by 20 bits.
create sequence instance_number;

-- Row-level security: `app.region` is the reader's kode wilayah for one transaction. Unset: no rows. '*': the whole country.
create function region_visible(region text) returns boolean language sql stable parallel safe as $$
  select case coalesce(current_setting('app.region', true), '')
    when '' then false
    when '*' then true
    else region = current_setting('app.region', true) or starts_with(region, current_setting('app.region', true) || '.')
  end
$$;

-- Claim check: what is too large for a Temporal payload, under its SHA-256. Compiled models are plain, all else is ciphertext.
create table payload (
  sha256 bytea primary key,
  body bytea not null,
  created_at timestamptz not null default now()
);
-- Key of one case's payloads, wrapped by the master key; deleting the row makes the history of that case unreadable.
create table case_key (
  workflow_id text primary key,
  wrapped_key bytea not null,
  created_at timestamptz not null default now()
);

create table deployment (
  key bigint primary key,
  created_at timestamptz not null default now(),
  created_by text not null
);
create table process_definition (
  key bigint primary key,
  deployment_key bigint not null references deployment,
  process_id text not null,
  version integer not null,
  version_tag text,
  name text,
  resource_name text not null,
  xml text not null,
  source_sha256 bytea not null,
  model_sha256 bytea not null references payload,
  start_form_id text,
  message_starts jsonb not null default '[]',
  admission jsonb not null,
  created_at timestamptz not null default now(),
  unique (process_id, version)
);
create table decision_definition (
  key bigint primary key,
  deployment_key bigint not null references deployment,
  decision_id text not null,
  version integer not null,
  name text,
  resource_name text not null,
  xml text not null,
  source_sha256 bytea not null,
  model jsonb not null,
  created_at timestamptz not null default now(),
  unique (decision_id, version)
);
create table form (
  key bigint primary key,
  deployment_key bigint not null references deployment,
  form_id text not null,
  version integer not null,
  resource_name text not null,
  schema jsonb not null,
  source_sha256 bytea not null,
  created_at timestamptz not null default now(),
  unique (form_id, version)
);

create table instance (
  key bigint primary key,
  process_id text not null,
  definition_key bigint not null,
  version integer not null,
  business_key text,
  region text not null,
  parent_key bigint,
  parent_element_key bigint,
  root_key bigint not null,
  state text not null check (state in ('ACTIVE', 'COMPLETED', 'TERMINATED', 'ERRORED')),
  started_at timestamptz not null,
  ended_at timestamptz,
  end_elements text[] not null default '{}',
  incident_count integer not null default 0,
  last_fact integer not null
);
create index instance_region on instance (region text_pattern_ops, started_at desc);
create index instance_state on instance (state, process_id, started_at desc);
create index instance_business_key on instance (business_key);
create index instance_parent on instance (parent_key) where parent_key is not null;

create table fact (
  instance_key bigint not null,
  number integer not null,
  at timestamptz not null,
  actor text not null,
  command_key text,
  type text not null,
  body jsonb not null,
  primary key (instance_key, number)
);

create table element_instance (
  key bigint primary key,
  instance_key bigint not null,
  element_id text not null,
  type text not null,
  name text,
  scope_key bigint not null,
  loop_counter integer,
  state text not null check (state in ('ACTIVE', 'COMPLETED', 'TERMINATED')),
  started_at timestamptz not null,
  ended_at timestamptz
);
create index element_instance_of on element_instance (instance_key, state);

create table variable (
  instance_key bigint not null,
  scope_key bigint not null,
  name text not null,
  value jsonb not null,
  primary key (instance_key, scope_key, name)
);

create table user_task (
  key bigint primary key,
  instance_key bigint not null,
  process_id text not null,
  definition_key bigint not null,
  business_key text,
  region text not null,
  element_id text not null,
  name text,
  form_id text,
  assignee text,
  candidate_groups text[] not null,
  candidate_users text[] not null,
  excluded_users text[] not null,
  state text not null check (state in ('CREATED', 'COMPLETED', 'CANCELED')),
  priority integer not null,
  headers jsonb not null,
  properties jsonb not null,
  created_at timestamptz not null,
  due_at timestamptz,
  follow_up_at timestamptz,
  ended_at timestamptz,
  completed_by text
);
create index user_task_open on user_task (region text_pattern_ops, created_at) where state = 'CREATED';
create index user_task_groups on user_task using gin (candidate_groups) where state = 'CREATED';
create index user_task_instance on user_task (instance_key);

create table job (
  key bigint primary key,
  instance_key bigint not null,
  region text not null,
  element_key bigint not null,
  element_id text not null,
  type text not null,
  headers jsonb not null,
  -- RETRY waits for its next attempt, FAILED is out of attempts (an incident is open).
  state text not null check (state in ('CREATED', 'RETRY', 'FAILED', 'COMPLETED', 'ERROR_THROWN', 'CANCELED')),
  retries integer not null,
  error_message text,
  retry_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index job_instance on job (instance_key);
create index job_open on job (state, type) where state in ('CREATED', 'RETRY', 'FAILED');

-- Jobs without a handler of ours, offered to outside workers; the token completes Temporal's activity.
create table parked_job (
  job_key bigint primary key,
  instance_key bigint not null,
  type text not null,
  task_token bytea not null,
  variables jsonb not null,
  attempt integer not null,
  parked_at timestamptz not null default now(),
  worker text,
  deadline timestamptz
);
create index parked_job_type on parked_job (type, deadline, parked_at);

create table timer (
  key bigint primary key,
  instance_key bigint not null,
  region text not null,
  element_key bigint not null,
  element_id text not null,
  due_at timestamptz not null,
  state text not null check (state in ('ACTIVE', 'FIRED', 'CANCELED'))
);
create index timer_due on timer (due_at) where state = 'ACTIVE';
create index timer_instance on timer (instance_key);

create table message_subscription (
  key bigint primary key,
  instance_key bigint not null,
  region text not null,
  element_key bigint not null,
  element_id text not null,
  message_name text not null,
  correlation_key text not null,
  state text not null check (state in ('OPEN', 'CORRELATED', 'CLOSED')),
  created_at timestamptz not null,
  ended_at timestamptz
);
create index message_subscription_instance on message_subscription (instance_key);

create table incident (
  key bigint primary key,
  instance_key bigint not null,
  process_id text not null,
  business_key text,
  region text not null,
  element_key bigint,
  element_id text not null,
  job_key bigint,
  code text not null,
  message text not null,
  state text not null check (state in ('ACTIVE', 'RESOLVED')),
  created_at timestamptz not null,
  resolved_at timestamptz
);
create index incident_open on incident (region text_pattern_ops, created_at) where state = 'ACTIVE';
create index incident_instance on incident (instance_key);

create table decision_evaluation (
  instance_key bigint not null,
  fact_number integer not null,
  region text not null,
  element_key bigint not null,
  element_id text not null,
  decision_id text not null,
  explanation jsonb not null,
  at timestamptz not null,
  primary key (instance_key, fact_number)
);

-- People who work with the product.
create table account (
  name text primary key,
  display_name text not null,
  password_hash text not null,
  roles text[] not null,
  groups text[] not null default '{}',
  -- kode wilayah; '*': the whole country.
  region text not null,
  locale text not null default 'id',
  disabled boolean not null default false,
  created_at timestamptz not null default now()
);
create table session (
  id_hash bytea primary key,
  account text not null references account,
  csrf_token text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create table access_token (
  token_hash bytea primary key,
  account text not null references account,
  label text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz
);

-- The vault: identifying data of citizens, encrypted per subject; found by keyed blind indexes only.
create table subject (
  key bigint primary key,
  region text not null,
  wrapped_key bytea not null,
  ciphertext bytea not null,
  -- NIK as people may see it: first six digits and stars.
  nik_masked text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
-- HMAC of nik | kk | name parts | phone …, by kind; truncated where the domain is small.
create table subject_index (
  kind text not null,
  hash bytea not null,
  subject_key bigint not null references subject on delete cascade,
  primary key (kind, hash, subject_key)
);
create index subject_index_subject on subject_index (subject_key);

-- A proposal's number, its subject and its case; `source_id` makes an import repeatable without doubling.
create table proposal (
  number text primary key,
  source_id text not null unique,
  subject_key bigint not null references subject,
  instance_key bigint not null unique,
  region text not null,
  started boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default now()
);
create table import_run (
  key bigint primary key,
  file_name text not null,
  region text not null,
  state text not null check (state in ('RUNNING', 'COMPLETED', 'FAILED')),
  rows_read integer not null default 0,
  rows_imported integer not null default 0,
  rows_repeated integer not null default 0,
  rows_rejected integer not null default 0,
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create table import_problem (
  import_key bigint not null references import_run,
  line integer not null,
  field text not null,
  message text not null,
  primary key (import_key, line, field)
);

-- Answers of mutations by Idempotency-Key; the same key with another body is refused.
create table idempotency (
  account text not null,
  key text not null,
  fingerprint bytea not null,
  status integer,
  body jsonb,
  created_at timestamptz not null default now(),
  primary key (account, key)
);

-- Append-only, hash-chained per region (first two segments of kode wilayah).
create table audit (
  chain text not null,
  number bigint not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  target text not null,
  region text not null,
  detail jsonb not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (chain, number)
);
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit rows are never changed or deleted';
end $$;
create trigger audit_append_only before update or delete on audit for each row execute function audit_is_append_only();

-- Tenant settings by name: default deadlines, calendar …
create table setting (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

-- When a worker last polled successfully, for /health.
create table worker_heartbeat (
  identity text primary key,
  build_id text not null,
  last_poll_at timestamptz not null
);

grant usage on schema public to alur_app, alur_worker;
grant select, insert, update, delete on all tables in schema public to alur_worker;
grant usage on all sequences in schema public to alur_app, alur_worker;
grant select on all tables in schema public to alur_app;


grant insert on deployment, process_definition, decision_definition, form, payload, audit, case_key to alur_app;

grant insert, update, delete on session, access_token, account, subject, subject_index, proposal, import_run, import_problem, idempotency, setting to alur_app;
grant update, delete on parked_job to alur_app;
revoke update, delete on audit from alur_worker;

do $$
declare
  name text;
begin
  -- Tables that carry a region.
  foreach name in array array['instance', 'user_task', 'job', 'timer', 'message_subscription', 'incident', 'decision_evaluation', 'subject',
      'proposal', 'import_run'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy %I on %I to alur_app using (region_visible(region)) with check (region_visible(region))', name || '_region', name);
    execute format('create policy %I on %I to alur_worker using (true) with check (true)', name || '_worker', name);
  end loop;
  -- Tables that belong to an instance.
  foreach name in array array['fact', 'element_instance', 'variable', 'parked_job'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy %I on %I to alur_app using (exists (select from instance where instance.key = %I.instance_key))',
      name || '_region', name, name);
    execute format('create policy %I on %I to alur_worker using (true) with check (true)', name || '_worker', name);
  end loop;
end $$;
