-- One row is one station of a plan in one snapshot from $from to $until. `$ids` has its stations between commas.
-- Reads: status.
select
  station_id,
  last_updated,
  num_bikes_available as bikes,
  num_docks_available as docks
from status
where last_updated between $from and $until
  and strpos($ids, concat(',', station_id, ',')) > 0
order by station_id, last_updated
