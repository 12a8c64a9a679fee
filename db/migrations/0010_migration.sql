-- Tokens that wait before joining gateways: where a case stands, besides its active elements. A row whose tokens have gone on stays with 0.
create table waiting_token (
  instance_key bigint not null,
  scope_key bigint not null,
  flow_id text not null,
  count integer not null,
  primary key (instance_key, scope_key, flow_id)
);
insert into waiting_token (instance_key, scope_key, flow_id, count)
select instance_key, instance_key | scope, flow_id, sum(moved)
  from (select instance_key, (body ->> 'scope')::bigint as scope, body ->> 'flowId' as flow_id, 1 as moved
          from fact where type = 'sequenceFlowTaken' and body -> 'waits' = 'true'
        union all
        select f.instance_key, (f.body ->> 'scope')::bigint, t.key, -t.value::integer
          from fact f cross join lateral jsonb_each_text(f.body -> 'flows') t where f.type = 'tokensConsumed') moves
 group by 1, 2, 3;

grant select, insert, update, delete on waiting_token to alur_worker;
grant select on waiting_token to alur_app;
alter table waiting_token enable row level security;
alter table waiting_token force row level security;
create policy waiting_token_region on waiting_token to alur_app
  using (exists (select from instance where instance.key = waiting_token.instance_key));
create policy waiting_token_worker on waiting_token to alur_worker using (true) with check (true);

-- The running cases of one version, page by page.
create index instance_running on instance (definition_key, key) where state = 'ACTIVE';
