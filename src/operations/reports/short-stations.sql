-- One row is one station at one ten-minute slot at which it had two or fewer bikes (or docks) while in use.
with newest as (
  select last_updated + (600 - last_updated % 600) % 600 as slot, max(last_updated) as seen_at
  from station_status
  where last_updated > $from - 600
    and last_updated <= $to
  group by last_updated + (600 - last_updated % 600) % 600
)
select
  status.station_id,
  newest.slot,
  case when status.is_renting and status.num_bikes_available <= 2 then 1 else 0 end as no_bikes,
  case when status.is_returning and status.num_docks_available <= 2 then 1 else 0 end as no_docks
from newest
join station_status as status on status.last_updated = newest.seen_at
where newest.slot >= $from
  and newest.slot < $to
  and status.is_installed
  and (
    (status.is_renting and status.num_bikes_available <= 2)
    or (status.is_returning and status.num_docks_available <= 2)
  )
order by status.station_id, newest.slot
