-- The register: one person per human being, one family per card, one ledger of help over all sources of funds. Identifying text stays in the
-- vault: a person has one or more records there (subject), as proposals and lists wrote them, and one that holds today's data.

-- Part of PostgreSQL's own distribution and trusted: the owner of a database may add it.
create extension if not exists btree_gist;

-- What a record is found by, alike spellings included: 64 bits of an HMAC over a blocking key (registry/blocking-keys.ts). Takes the place of
-- subject_index, which found equal texts only.
create table subject_token (
  token bigint not null,
  subject_key bigint not null references subject on delete cascade,
  primary key (token, subject_key)
);
create index subject_token_subject on subject_token (subject_key);
drop table subject_index;
-- Which rules its tokens were made by; behind the present ones (0: none yet) it is made anew.
alter table subject add column tokens_version smallint not null default 0;
create index subject_tokens_version on subject (tokens_version);

create table person (
  key bigint primary key,
  -- Village of domicile.
  region text not null,
  -- The record with today's data; null: erased.
  subject_key bigint references subject on delete set null,
  deceased_on date,
  created_at timestamptz not null default now()
);
create index person_region on person (region text_pattern_ops, key);
-- Whom a record is about; null: not in the register.
alter table subject add column person_key bigint references person;
create index subject_person on subject (person_key) where person_key is not null;

-- A person found to be the same as another. The row is the tombstone of `person_key`; `moved` names what went to the survivor, so that it
-- can go back: {subjects, participations, memberships}.
create table person_alias (
  key bigint primary key,
  person_key bigint not null references person,
  survivor_key bigint not null references person,
  -- The survivor's.
  region text not null,
  moved jsonb not null,
  reason text not null,
  -- The same command twice merges once.
  command_key text not null unique,
  merged_by text not null,
  merged_at timestamptz not null default now(),
  undone_by text,
  undone_at timestamptz,
  check (person_key <> survivor_key)
);
create unique index person_alias_present on person_alias (person_key) where undone_at is null;
create index person_alias_survivor on person_alias (survivor_key) where undone_at is null;

create table family (
  key bigint primary key,
  region text not null,
  -- HMAC of the number of the family card (KK).
  card_hash bytea not null unique,
  created_at timestamptz not null default now()
);
create index family_region on family (region text_pattern_ops, key);
-- Who belonged where, and when: a move closes the row and opens another.
create table family_member (
  family_key bigint not null references family,
  person_key bigint not null references person,
  -- Where the family lived then.
  region text not null,
  valid_from date not null,
  -- The first day on which it is over; null: it is not.
  valid_to date check (valid_to >= valid_from),
  primary key (family_key, person_key, valid_from)
);
-- Nobody is in two families at once.
create unique index family_member_present on family_member (person_key) where valid_to is null;
create index family_member_person on family_member (person_key);

-- Programme × recipient × period × source of funds.
create table participation (
  key bigint primary key,
  -- Village of the recipient when it was granted.
  region text not null,
  family_key bigint references family,
  person_key bigint not null references person,
  -- Who counts as the recipient: the family (KK) or the person (NIK).
  unit text not null check (unit in ('KK', 'NIK')),
  recipient_key bigint not null generated always as (case unit when 'KK' then family_key else person_key end) stored,
  programme text not null,
  source text not null check (source in ('APBN', 'APBD_PROV', 'APBD_KAB', 'APBDES')),
  -- As written, `2026-11` or `2026-T1`, and the months it covers, counted from year 0.
  period text not null,
  months int4range not null check (not isempty(months)),
  -- Rupiah.
  amount bigint not null check (amount >= 0),
  state text not null check (state in ('RESERVED', 'PAID', 'RETURNED', 'CANCELLED')),
  proposal_number text,
  instance_key bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- No help twice.
  constraint participation_once
    exclude using gist (recipient_key with =, programme with =, source with =, months with &&) where (state in ('RESERVED', 'PAID'))
);
create index participation_family on participation (family_key);
create index participation_person on participation (person_key);
create index participation_proposal on participation (proposal_number) where proposal_number is not null;
create index participation_region on participation (region text_pattern_ops, programme);
-- What became of it, append-only; the key is the idempotency key of the change: a job's, an import's row.
create table participation_change (
  key text primary key,
  participation_key bigint not null references participation,
  region text not null,
  state text not null,
  amount bigint not null,
  actor text not null,
  at timestamptz not null default now()
);
create index participation_change_of on participation_change (participation_key, at);

grant select, insert, update, delete on subject_token to alur_app, alur_worker;
grant select on person, person_alias, family, family_member, participation, participation_change to alur_app;
grant select, insert, update on person, person_alias, family, family_member, participation to alur_worker;
grant delete on family_member to alur_worker;
grant select, insert on participation_change to alur_worker;

do $$
declare
  name text;
begin
  foreach name in array array['person', 'person_alias', 'family', 'family_member', 'participation', 'participation_change'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy %I on %I to alur_app using (region_visible(region)) with check (region_visible(region))', name || '_region', name);
    execute format('create policy %I on %I to alur_worker using (true) with check (true)', name || '_worker', name);
  end loop;
end $$;
