-- One row: the newest snapshot of some days, until a moment, that has a station; null without one.
select max(last_updated) as last_updated
from status
where station_id = $station_id and last_updated <= $at
