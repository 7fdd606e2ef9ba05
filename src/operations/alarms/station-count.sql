-- One row is the number of stations that the snapshots of a span know.
select count(distinct station_id) as stations
from status
where last_updated > $from
  and last_updated <= $to
