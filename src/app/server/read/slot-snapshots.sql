-- One row is one station in the newest snapshot of each five minutes (after one slot, up to the next).
with newest as (
  select max(last_updated) as last_updated
  from status
  where last_updated > $from and last_updated <= $until
  group by last_updated - 1 - (last_updated - 1) % 300
)
select
  status.last_updated,
  status.station_id,
  status.num_bikes_available,
  status.num_docks_available
from status
join newest on newest.last_updated = status.last_updated
order by status.last_updated
