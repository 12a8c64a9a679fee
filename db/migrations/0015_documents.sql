-- Papers that were issued: what their QR code is checked against. The PDF is a file; rows are never changed.
create table document (
  key bigint primary key,
  kind text not null,
  -- As the office counts.
  number text not null,
  region text not null,
  -- The case or batch that it is about; null: a region and period.
  instance_key bigint,
  period text,
  -- SHA-256 of the PDF.
  hash bytea not null check (length(hash) = 32),
  file_key bigint not null references file,
  issued_by text not null,
  issued_at timestamptz not null,
  -- An office gives a number once.
  unique (region, kind, number)
);
create index document_instance on document (instance_key) where instance_key is not null;
create index document_region on document (region text_pattern_ops, key);

grant select, insert on document to alur_app, alur_worker;
alter table document enable row level security;
alter table document force row level security;
create policy document_region on document to alur_app using (region_visible(region)) with check (region_visible(region));
create policy document_worker on document to alur_worker using (true) with check (true);
