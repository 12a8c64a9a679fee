-- A worker whose code cannot go on with running cases says so here: how many workflow tasks, and when the last.
alter table worker_heartbeat
  add column nondeterministic_tasks integer not null default 0,
  add column nondeterministic_at timestamptz;
