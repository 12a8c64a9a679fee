-- What a batch case (a district's sign-off, a province's decision) has collected: one row per case that waits for its answer, with what rules
-- say of it, what was decided and by which messages it was answered. A list of 10,000 is too large for a variable.
create table collected_item (
  -- The batch case.
  instance_key bigint not null,
  -- Correlation key of the wait: the proposal's number.
  number text not null,
  -- Of the waiting case.
  region text not null,
  -- Process variables of the waiting case when it was collected.
  facts jsonb not null,
  -- What else is known: {gandaDengan, kepesertaan}; see db/collected-items.ts.
  known jsonb not null default '{}',
  -- Values of the decisions by id; the last one's; whether it asks for a look by a person. null: not assessed.
  assessment jsonb,
  finding jsonb,
  flagged boolean,
  -- null: undecided.
  result jsonb,
  -- Names of the messages it was answered by.
  announced text[] not null default '{}',
  primary key (instance_key, number)
);
create index collected_item_region on collected_item (instance_key, region text_pattern_ops);
-- Who waits for a message in an area.
create index message_subscription_waiting on message_subscription (message_name, region text_pattern_ops) where state = 'OPEN';

grant select on collected_item to alur_app;
grant select, insert, update, delete on collected_item to alur_worker;
alter table collected_item enable row level security;
alter table collected_item force row level security;
create policy collected_item_region on collected_item to alur_app using (region_visible(region)) with check (region_visible(region));
create policy collected_item_worker on collected_item to alur_worker using (true) with check (true);
