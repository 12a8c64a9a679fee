-- Where homes were visited. Only a keyed hash of the rounded point lies here: enough to see the same point again, not to find a home.
create table survey_point (
  -- The check of the survey: a repeated attempt notes nothing twice.
  job_key text primary key,
  subject_key bigint not null references subject on delete cascade,
  region text not null,
  point_hash bytea not null,
  noted_at timestamptz not null default now()
);
create index survey_point_hash on survey_point (point_hash);
create index survey_point_region on survey_point (region text_pattern_ops, noted_at desc);

grant select, insert on survey_point to alur_worker;
alter table survey_point enable row level security;
alter table survey_point force row level security;
create policy survey_point_worker on survey_point to alur_worker using (true) with check (true);
