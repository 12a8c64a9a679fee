-- A proposal is first written down, then started: what its case starts with, and the import it came with. Any API process picks up
-- what a crashed one left.
alter table proposal add column variables jsonb not null default '{}';
alter table proposal add column import_key bigint references import_run;
create index proposal_unstarted on proposal (created_at) where not started;
create index proposal_import on proposal (import_key) where import_key is not null;

-- What changed lately, for those who watch live. Facts come in order of time, so a block range index is enough and costs next to nothing.
create index fact_at on fact using brin (at);
