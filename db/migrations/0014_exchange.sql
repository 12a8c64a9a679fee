-- Lists of others, taken in. A file's rows are first written down, sealed, as far as they can be read; then a worker takes them into the
-- register, some hundred in one transaction. Where either was killed, it goes on after the last transaction.
create table exchange_import (
  key bigint primary key,
  -- Id of the mapping profile: the list.
  profile text not null,
  file_name text not null,
  -- The same file by the same profile is the same import.
  file_sha256 bytea not null,
  -- kode wilayah of who sent it: rows of other regions are refused.
  region text not null,
  header text[] not null,
  -- The import whose failed rows this file corrects.
  corrects_key bigint references exchange_import,
  state text not null default 'READING' check (state in ('READING', 'MERGING', 'COMPLETED', 'FAILED')),
  -- Data rows of the file that are written down, failed and repeated ones included.
  position integer not null default 0,
  rows_failed integer not null default 0,
  -- Rows of this list that an earlier import has brought.
  rows_repeated integer not null default 0,
  -- Why the file could not be read to its end: {code, values}.
  failure jsonb,
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (profile, file_sha256, region)
);
create index exchange_import_merging on exchange_import (key) where state = 'MERGING';

create table exchange_row (
  import_key bigint not null references exchange_import,
  -- Of the file.
  line integer not null,
  profile text not null,
  -- HMAC of what names the row in its list: the same row is taken in once, whichever file brings it.
  identity bytea not null,
  -- The row's village.
  region text not null,
  -- The record, sealed; null once nobody needs to look at it again.
  content bytea,
  -- null: not taken in yet.
  outcome text check (outcome in ('CREATED', 'MATCHED', 'CONFLICT', 'LEFT')),
  -- Who it is about; of a row in conflict or left for people, whom it may be about.
  person_key bigint references person,
  -- Whether the row says that the person lives (HIDUP) or has died (MENINGGAL); null: it does not say.
  presence text check (presence in ('HIDUP', 'MENINGGAL')),
  -- How alike, where a decision said so.
  score numeric(4, 2),
  -- What a person said of a row in conflict or left for people.
  decision text check (decision in ('SAME', 'NEW')),
  decided_by text,
  decided_at timestamptz,
  primary key (import_key, line),
  unique (profile, identity)
);
create index exchange_row_waiting on exchange_row (import_key, line) where outcome is null;
create index exchange_row_person on exchange_row (person_key) where person_key is not null;
create index exchange_row_open on exchange_row (import_key, line) where outcome in ('CONFLICT', 'LEFT');

-- What the lists say against each other.
create table exchange_conflict (
  import_key bigint not null,
  line integer not null,
  kind text not null,
  region text not null,
  -- Against what: the person, and of help its programme and period. Nothing that identifies anybody.
  person_key bigint references person,
  detail jsonb not null,
  primary key (import_key, line, kind),
  foreign key (import_key, line) references exchange_row
);

-- Rows that cannot be read, until a corrected file brings them.
create table exchange_failed_row (
  import_key bigint not null references exchange_import,
  line integer not null,
  -- [{field, code, values}]
  faults jsonb not null,
  -- The cells as they stood, sealed; null: corrected.
  content bytea,
  corrected_by bigint references exchange_import,
  primary key (import_key, line)
);

grant select, insert, update on exchange_import, exchange_row, exchange_failed_row to alur_app, alur_worker;
grant select on exchange_conflict to alur_app;
grant select, insert on exchange_conflict to alur_worker;

do $$
declare
  name text;
begin
  foreach name in array array['exchange_import', 'exchange_row', 'exchange_conflict'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy %I on %I to alur_app using (region_visible(region)) with check (region_visible(region))', name || '_region', name);
    execute format('create policy %I on %I to alur_worker using (true) with check (true)', name || '_worker', name);
  end loop;
  alter table exchange_failed_row enable row level security;
  alter table exchange_failed_row force row level security;
  create policy exchange_failed_row_region on exchange_failed_row to alur_app
    using (exists (select from exchange_import i where i.key = exchange_failed_row.import_key));
  create policy exchange_failed_row_worker on exchange_failed_row to alur_worker using (true) with check (true);
end $$;
