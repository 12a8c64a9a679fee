-- Quarterly monitoring of a district: what was measured and decided, as signed.
create table monitoring_report (
  region text not null,
  period text not null,
  number text not null,
  signed_on date not null,
  -- {populasi, sampel, estimasi, kinerja, temuan}: counts and findings, nobody's data.
  figures jsonb not null,
  command_key text not null,
  kept_at timestamptz not null default now(),
  primary key (region, period)
);
grant select on monitoring_report to alur_app;
grant select, insert, update on monitoring_report to alur_worker;
alter table monitoring_report enable row level security;
alter table monitoring_report force row level security;
create policy monitoring_report_region on monitoring_report to alur_app using (region_visible(region)) with check (region_visible(region));
create policy monitoring_report_worker on monitoring_report to alur_worker using (true) with check (true);
