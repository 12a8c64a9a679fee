-- Photos and papers in object storage. The row says whose they are and what was put; the file itself lies sealed in the store. Rows are
-- never changed: another photo is another row.
create table file (
  key bigint primary key,
  -- Name in the store: SHA-256 of the sealed file.
  store_key text not null,
  -- The case that it belongs to; null: a district's or village's own paper.
  instance_key bigint,
  region text not null,
  -- What it shows, such as FOTO_RUMAH (contract/file.ts).
  kind text not null,
  media_type text not null,
  -- Size of what is kept.
  bytes integer not null check (bytes >= 0),
  -- SHA-256 of what was sent, and of what is kept.
  original_hash bytea not null check (length(original_hash) = 32),
  stored_hash bytea not null check (length(stored_hash) = 32),
  -- Place and time of the picture, as the client and as EXIF say, sealed: they tell where somebody lives. null: neither says anything.
  capture bytea,
  uploaded_by text not null,
  uploaded_at timestamptz not null default now()
);
create index file_instance on file (instance_key, key) where instance_key is not null;
-- The same photo in another case is a sign of fraud.
create index file_original on file (original_hash);

grant select, insert on file to alur_app, alur_worker;
alter table file enable row level security;
alter table file force row level security;
create policy file_region on file to alur_app using (region_visible(region)) with check (region_visible(region));
create policy file_worker on file to alur_worker using (true) with check (true);
