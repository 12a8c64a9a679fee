-- As in Zeebe a message with a correlation key starts an instance of a process only while none that was started with that key is active.
create table message_start_lock (
  process_id text not null,
  correlation_key text not null,
  instance_key bigint not null,
  primary key (process_id, correlation_key)
);
grant select, insert, update, delete on message_start_lock to alur_worker;
