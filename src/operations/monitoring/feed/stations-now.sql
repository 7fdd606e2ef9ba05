-- One row is one station of the newest snapshot up to $at: when it last reported, and whether it is installed.
select station_id, last_updated, last_reported, is_installed
from status
where last_updated = (select max(last_updated) from status where last_updated <= $at)
order by station_id
