-- The monthly update: what was found about families since the last one, when each was checked, whose help has been stopped from when.

-- Who receives a family's help after the death of whom it was granted to; null: whom it was granted to.
alter table family add column caretaker_key bigint references person;

create table family_finding (
  -- Idempotency key of what reported it.
  key text primary key,
  region text not null,
  proposal_number text not null,
  subject_key bigint not null references subject on delete cascade,
  kind text not null,
  period text not null,
  found_at timestamptz not null default now(),
  -- Since when the village has looked into it; null: the next update asks.
  settled_at timestamptz
);
create index family_finding_open on family_finding (region) where settled_at is null;

-- One row per family and period; `STALE`: nobody answered. Nothing is ever deleted because of that.
create table family_check (
  proposal_number text not null,
  period text not null,
  region text not null,
  state text not null check (state in ('CHECKED', 'STALE')),
  -- What was answered, as in the form `konfirmasi-rt`; null: nothing.
  answer text,
  command_key text not null,
  checked_at timestamptz not null default now(),
  primary key (proposal_number, period)
);
create index family_check_region on family_check (region text_pattern_ops, period);

-- Help that is not granted any more. It never reaches back: what was paid stays paid.
create table help_stop (
  key text primary key,
  region text not null,
  person_key bigint not null references person,
  family_key bigint references family,
  -- null: every programme.
  programme text,
  -- First month without it, counted from January of year 0.
  from_month integer not null,
  reason text not null,
  -- Number of the minutes, the letter of responsibility or the decision.
  basis text not null,
  stopped_by text not null,
  stopped_at timestamptz not null default now(),
  lifted_by text,
  lifted_at timestamptz
);
create index help_stop_person on help_stop (person_key) where lifted_at is null;
create index help_stop_family on help_stop (family_key) where lifted_at is null;

grant select on family_finding, family_check, help_stop to alur_app;
grant select, insert, update on family_finding, family_check, help_stop to alur_worker;

do $$
declare
  name text;
begin
  foreach name in array array['family_finding', 'family_check', 'help_stop'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy %I on %I to alur_app using (region_visible(region)) with check (region_visible(region))', name || '_region', name);
    execute format('create policy %I on %I to alur_worker using (true) with check (true)', name || '_worker', name);
  end loop;
end $$;
