-- Since when nothing of an instance moves; null: it does.
alter table instance add column suspended_at timestamptz;
create index instance_suspended on instance (process_id) where suspended_at is not null;
