-- One row is one station of the newest snapshot from $since to $at that is installed, rents and takes bikes back, with the
-- information in force then.
-- Reads: status, information.
with
newest as (
  select max(last_updated) as state_at
  from status
  where last_updated between $since and $at
),
ranked as (
  select
    station_id,
    name,
    lat,
    lon,
    row_number() over (partition by station_id order by valid_from desc) as newness
  from information
  where valid_from <= $at
)
select
  status.station_id,
  status.last_updated as state_at,
  ranked.name,
  ranked.lat,
  ranked.lon,
  status.num_bikes_available as bikes,
  status.num_docks_available as docks
from status
join newest on newest.state_at = status.last_updated
join ranked on ranked.station_id = status.station_id and ranked.newness = 1
where status.is_installed and status.is_renting and status.is_returning
  and status.num_bikes_available + status.num_docks_available > 0
order by status.station_id
