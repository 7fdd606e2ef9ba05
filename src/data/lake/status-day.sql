-- One row is one station in one snapshot of the day.
select *
from status
order by last_updated, station_id
