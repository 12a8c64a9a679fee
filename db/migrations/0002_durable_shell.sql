-- Parked jobs are answered by the instance's `command` Update, so nothing waits in Temporal and no token is kept (docs/adr).
alter table parked_job alter column task_token drop not null;

-- Instances started by a message or a timer: one per source and process, so that a repeated attempt finds the key of the first.
create table started_instance (
  source text not null,
  process_id text not null,
  instance_key bigint not null,
  created_at timestamptz not null default now(),
  primary key (source, process_id)
);
grant select, insert, update, delete on started_instance to alur_worker;
grant select on started_instance to alur_app;

-- false: a non-interrupting boundary event, which stays subscribed after each correlation.
alter table message_subscription add column closes_on_correlation boolean not null default true;
