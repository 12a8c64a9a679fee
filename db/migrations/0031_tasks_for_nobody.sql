-- The sweeper sees whether anybody may have a task: by region, group and name, never by what people sign in with.
create index account_region on account (region) where not disabled;
grant select (name, groups, region, disabled) on account to alur_worker;
