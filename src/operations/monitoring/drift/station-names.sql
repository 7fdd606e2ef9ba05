-- One row is one version of a station's name.
select station_id, name
from information
order by valid_from
