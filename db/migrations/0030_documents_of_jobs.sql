-- A job of a process that issues a paper issues one for a region, however often it is tried.
-- null: a person asked for the paper.
alter table document add column job_key bigint;
create unique index document_job on document (job_key, region) where job_key is not null;
