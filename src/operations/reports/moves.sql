-- One row is one half hour: bikes that left stations and bikes that came, from one snapshot to the next, and how many
-- snapshots there were. What changed over more than 15 minutes without a snapshot is left out.
with seen as (
  select
    last_updated,
    num_bikes_available as bikes,
    lag(num_bikes_available) over (partition by station_id order by last_updated) as bikes_before,
    lag(last_updated) over (partition by station_id order by last_updated) as before
  from station_status
  where last_updated > $from - 900
    and last_updated <= $to
)
select
  last_updated - last_updated % 1800 as half_hour,
  sum(case when bikes < bikes_before then bikes_before - bikes else 0 end) as taken,
  sum(case when bikes > bikes_before then bikes - bikes_before else 0 end) as returned,
  count(distinct last_updated) as snapshots
from seen
where last_updated > $from
  and before is not null
  and last_updated - before <= 900
group by last_updated - last_updated % 1800
order by half_hour
