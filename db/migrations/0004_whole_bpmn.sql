-- Compiled models and states have a new format. What the first format left can neither run on nor be started again.
do $$
begin
  if exists (select from process_definition) then
    raise exception 'These data were made by an earlier version of Alur, whose process models this one cannot run. Start with another data folder (ALUR_HOME), or end Alur, delete the folder and start again.';
  end if;
end $$;

-- What starts instances by itself: [{"type": "message" | "signal" | "timer" | "conditional", "elementId", "part", "name"}].
alter table process_definition drop column message_starts;
alter table process_definition add column start_triggers jsonb not null default '[]';
-- A deleted version starts nothing any more; its number is not given again, its diagram stays for the cases that ended under it.
alter table process_definition add column deleted_at timestamptz;
grant update (deleted_at) on process_definition to alur_app;
create view newest_process_definition with (security_invoker = true) as
  select distinct on (process_id) * from process_definition where deleted_at is null order by process_id, version desc;
grant select on newest_process_definition to alur_app, alur_worker;

-- Jobs of listeners beside those of elements; names as in Camunda 8.
alter table job add column kind text not null default 'BPMN_ELEMENT' check (kind in ('BPMN_ELEMENT', 'EXECUTION_LISTENER', 'TASK_LISTENER'));
alter table job add column listener_event text not null default 'UNSPECIFIED';

-- CREATING: listeners are asked first, nobody sees the task as work yet.
alter table user_task drop constraint user_task_state_check;
alter table user_task add constraint user_task_state_check check (state in ('CREATING', 'CREATED', 'COMPLETED', 'CANCELED'));

create table signal_subscription (
  key bigint primary key,
  instance_key bigint not null,
  region text not null,
  element_key bigint not null,
  element_id text not null,
  signal_name text not null,
  -- false: stays open after a signal.
  closes_on_signal boolean not null,
  state text not null check (state in ('OPEN', 'RECEIVED', 'CLOSED')),
  created_at timestamptz not null,
  ended_at timestamptz
);
create index signal_subscription_instance on signal_subscription (instance_key);
create index signal_subscription_open on signal_subscription (signal_name) where state = 'OPEN';

-- Conditions that are looked at whenever a variable changes.
create table condition_watch (
  key bigint primary key,
  instance_key bigint not null,
  region text not null,
  element_key bigint not null,
  element_id text not null,
  -- false: watched further after it has become true.
  closes_on_true boolean not null,
  state text not null check (state in ('OPEN', 'MET', 'CLOSED')),
  created_at timestamptz not null,
  ended_at timestamptz
);
create index condition_watch_instance on condition_watch (instance_key);

-- A broadcast, and whom it still has to reach: fixed in the moment of the broadcast, so that nobody is missed and nobody who came later
-- is met (docs/adr/0010). `target`: a subscription, or with an element id the definition that it starts.
create table signal (
  key bigint primary key,
  name text not null,
  created_at timestamptz not null default now()
);
create table signal_delivery (
  signal_key bigint not null,
  target bigint not null,
  element_id text not null default '',
  part integer not null default 0,
  attempts integer not null default 0,
  primary key (signal_key, target, element_id)
);

-- How far the engine's time is ahead of the clock, on test stacks only (ALUR_TEST_CLOCK).
create table test_clock (
  only_row boolean primary key default true check (only_row),
  offset_ms bigint not null
);

grant select, insert, update, delete on signal_subscription, condition_watch, signal, signal_delivery to alur_worker;
grant select on signal_subscription, condition_watch to alur_app;
grant select, insert on signal to alur_app;
grant select, insert on signal_delivery to alur_app;
grant select, insert, update on test_clock to alur_app;
grant select on test_clock to alur_worker;

do $$
declare
  name text;
begin
  foreach name in array array['signal_subscription', 'condition_watch'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy %I on %I to alur_app using (region_visible(region)) with check (region_visible(region))', name || '_region', name);
    execute format('create policy %I on %I to alur_worker using (true) with check (true)', name || '_worker', name);
  end loop;
end $$;
