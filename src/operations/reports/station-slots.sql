-- One row is one ten-minute slot: stations in use in the newest snapshot of the ten minutes up to it, and how many of them
-- had two or fewer bikes or docks. A slot without a snapshot has no row.
with newest as (
  select last_updated + (600 - last_updated % 600) % 600 as slot, max(last_updated) as seen_at
  from station_status
  where last_updated > $from - 600
    and last_updated <= $to
  group by last_updated + (600 - last_updated % 600) % 600
)
select
  newest.slot,
  count(*) as stations,
  sum(case when status.is_renting and status.num_bikes_available <= 2 then 1 else 0 end) as no_bikes,
  sum(case when status.is_returning and status.num_docks_available <= 2 then 1 else 0 end) as no_docks
from newest
join station_status as status on status.last_updated = newest.seen_at
where newest.slot >= $from
  and newest.slot < $to
  and status.is_installed
group by newest.slot
order by newest.slot
