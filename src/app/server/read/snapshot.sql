-- One row is one station in one snapshot.
select
  station_id,
  num_bikes_available,
  num_docks_available,
  num_bikes_disabled,
  num_docks_disabled,
  num_ebikes_available,
  is_installed,
  is_renting,
  is_returning,
  last_reported
from status
where last_updated = $at
