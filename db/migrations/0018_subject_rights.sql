-- Rights of the people whose data is kept, and what was decided about pairs of records.

-- Since when the processing of a record is restricted (UU PDP 27/2022); null: it is not. It is kept, and neither processed nor read.
alter table subject add column restricted_at timestamptz;

-- Two records that people found to be of different persons: never offered again. The smaller key first.
create table refused_pair (
  first_key bigint not null references subject on delete cascade,
  second_key bigint not null references subject on delete cascade,
  reason text not null,
  decided_by text not null,
  decided_at timestamptz not null default now(),
  primary key (first_key, second_key),
  check (first_key < second_key)
);
create index refused_pair_second on refused_pair (second_key);

-- The record chosen field by field when two persons were merged, and the one it took the place of; null: nothing was chosen.
alter table person_alias add column chosen_subject bigint references subject on delete set null;
alter table person_alias add column previous_subject bigint references subject on delete set null;

-- What a citizen asked to see: sealed with the record's own key, gone with the record.
create table subject_copy (
  key bigint primary key,
  subject_key bigint not null references subject on delete cascade,
  region text not null,
  -- The same job makes one.
  command_key text not null unique,
  ciphertext bytea not null,
  -- Of what is sealed.
  sha256 bytea not null,
  created_at timestamptz not null default now()
);
create index subject_copy_subject on subject_copy (subject_key, key);

grant select, insert on refused_pair to alur_worker;
grant select, insert on subject_copy to alur_worker;
grant select on subject_copy to alur_app;
alter table refused_pair enable row level security;
alter table refused_pair force row level security;
create policy refused_pair_worker on refused_pair to alur_worker using (true) with check (true);
alter table subject_copy enable row level security;
alter table subject_copy force row level security;
create policy subject_copy_region on subject_copy to alur_app using (region_visible(region)) with check (region_visible(region));
create policy subject_copy_worker on subject_copy to alur_worker using (true) with check (true);
