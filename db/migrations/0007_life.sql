-- Life of instances and of definitions: which version is the newest, suspension, schedules of timer starts, unique business keys.

-- Versions on hold start nothing; their instances go on.
alter table process_definition add column suspended_at timestamptz;
alter table process_definition add column suspended_reason text;
-- Property alur.uniqueBusinessKey: at most one active instance of the process per business key.
alter table process_definition add column unique_business_key boolean not null default false;
grant update (suspended_at, suspended_reason) on process_definition to alur_app;

-- The version that new instances take because an administrator said so; without a row the highest number. Publishing another ends it.
create table declared_version (
  process_id text primary key,
  definition_key bigint not null references process_definition
);
create or replace view newest_process_definition with (security_invoker = true) as
  select distinct on (d.process_id) d.* from process_definition d left join declared_version l on l.process_id = d.process_id
   where d.deleted_at is null order by d.process_id, coalesce(l.definition_key = d.key, false) desc, d.version desc;

-- Who has a business key of a process that wants them unique; taken before the start, free again when the instance has ended.
create table business_key_lock (
  process_id text not null,
  business_key text not null,
  instance_key bigint not null,
  taken_at timestamptz not null default now(),
  primary key (process_id, business_key)
);

-- Timers that start instances. `next_due_at` null: never again.
create table start_schedule (
  key bigint primary key,
  definition_key bigint not null references process_definition,
  process_id text not null,
  element_id text not null,
  part integer not null,
  -- Repeats every `interval` (ISO 8601 duration or cron), `repetitions` times after the next; null: not, and without end.
  interval text,
  repetitions integer,
  first_due_at timestamptz,
  next_due_at timestamptz,
  last_due_at timestamptz,
  last_instance_key bigint,
  -- What falls due while it is paused is left out, and can be made up for.
  paused_at timestamptz,
  paused_by text,
  paused_reason text,
  unique (definition_key, element_id, part)
);
create index start_schedule_process on start_schedule (process_id, element_id, part);
-- Earlier versions had no row; their timers run and fill in what they know when they are due.
insert into start_schedule (key, definition_key, process_id, element_id, part)
  select nextval('instance_number') << 20, d.key, d.process_id, t."elementId", t.part
    from newest_process_definition d, jsonb_to_recordset(d.start_triggers) as t(type text, "elementId" text, part integer)
   where t.type = 'timer';

-- Jobs of these types are not begun: they are parked, and nobody is given them, until the type is resumed.
create table suspended_job_type (
  type text primary key,
  reason text not null,
  suspended_by text not null,
  suspended_at timestamptz not null default now()
);
-- true: one of our own connectors does the job; it was parked because its type is suspended.
alter table parked_job add column own boolean not null default false;

-- A decision that takes effect on a day: among the versions in force at an evaluation the one with the latest day decides.
alter table decision_definition add column valid_from timestamptz;
alter table decision_definition add column version_tag text;

grant select, insert, update, delete on declared_version, business_key_lock, start_schedule, suspended_job_type to alur_app;
grant select, insert, update, delete on business_key_lock, start_schedule to alur_worker;
grant select on declared_version, suspended_job_type to alur_worker;
-- To lock a row while a job is parked because of it.
grant update on suspended_job_type to alur_worker;
