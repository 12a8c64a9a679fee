-- Reports by region and period: when an item of a batch was decided, and what of a period costs next to nothing to find.

alter table collected_item add column decided_at timestamptz;
create function note_decision_time() returns trigger language plpgsql as $$
begin
  new.decided_at := case when new.result is null then null else now() end;
  return new;
end $$;
create trigger collected_item_decided before update on collected_item
  for each row when (new.result is distinct from old.result) execute function note_decision_time();

-- Rows come in order of time, so block range indexes are enough.
create index instance_started on instance using brin (started_at);
create index user_task_due on user_task using brin (due_at);
create index decision_evaluation_at on decision_evaluation using brin (at);
create index participation_months on participation using gist (months);
