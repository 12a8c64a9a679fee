-- What people change by hand: the audit is searched by its target and by person, and many cases can be changed at once.
create index audit_target on audit (target, at desc);
create index audit_command on audit ((detail ->> 'commandKey')) where detail ->> 'commandKey' is not null;
create index audit_actor on audit (actor, at desc);
create index audit_at on audit (at desc);

-- A command over many targets. What it is done to is settled when it is created (batch_operation_item); who created it, and his region,
-- bound what it may touch.
create table batch_operation (
  key bigint primary key,
  type text not null,
  -- What is done to each item; the item fills in what it is about.
  command jsonb not null,
  filter jsonb not null,
  reason text not null,
  region text not null,
  state text not null default 'CREATED' check (state in ('CREATED', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'CANCELED')),
  -- After so many items it waits to be resumed; null: it does not.
  canary integer,
  total integer not null,
  completed integer not null default 0,
  failed integer not null default 0,
  skipped integer not null default 0,
  created_by text not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz
);
create index batch_operation_created on batch_operation (created_at desc);
create index batch_operation_open on batch_operation (key) where ended_at is null;
create table batch_operation_item (
  batch_key bigint not null references batch_operation on delete cascade,
  number integer not null,
  -- The instance, incident or job.
  item_key bigint not null,
  instance_key bigint not null,
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELED')),
  -- Why it was not done: a code of a rejection, and its text.
  code text,
  message text,
  processed_at timestamptz,
  primary key (batch_key, number)
);
create index batch_operation_item_open on batch_operation_item (batch_key, number) where state = 'ACTIVE';
create index batch_operation_item_instance on batch_operation_item (instance_key);

grant select, insert on batch_operation, batch_operation_item to alur_app;
grant update (state, canary, total, failed) on batch_operation to alur_app;
grant update (state, code, message, processed_at) on batch_operation_item to alur_app;
grant select, update on batch_operation, batch_operation_item to alur_worker;

alter table batch_operation enable row level security;
alter table batch_operation force row level security;
create policy batch_operation_region on batch_operation to alur_app using (region_visible(region)) with check (region_visible(region));
create policy batch_operation_worker on batch_operation to alur_worker using (true) with check (true);
alter table batch_operation_item enable row level security;
alter table batch_operation_item force row level security;
create policy batch_operation_item_region on batch_operation_item to alur_app
  using (exists (select from batch_operation b where b.key = batch_operation_item.batch_key));
create policy batch_operation_item_worker on batch_operation_item to alur_worker using (true) with check (true);
