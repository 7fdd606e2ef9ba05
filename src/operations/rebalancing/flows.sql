-- One row is one station in one UTC hour of a day: how its count of bikes changed between snapshots, over the time in which a
-- rider could have rented (two bikes or more at an interval's start), and in which one could have returned (two docks or more).
-- What is known at an interval's start decides whether it counts, never its outcome. A change too great for this station's riders
-- (beyond 3 and four times its mean change) is a truck's. The interval across midnight is left out.
-- Reads: status of the day.
with
seen as (
  select
    station_id,
    last_updated as ends_at,
    num_bikes_available as bikes_then,
    lag(last_updated) over by_time as starts_at,
    lag(num_bikes_available) over by_time as bikes,
    lag(num_docks_available) over by_time as docks,
    lag(case when is_renting and is_installed then 1 else 0 end) over by_time as rents,
    lag(case when is_returning and is_installed then 1 else 0 end) over by_time as takes
  from status
  where last_updated >= $from and last_updated < $until
  window by_time as (partition by station_id order by last_updated)
),
change as (
  select
    station_id,
    cast(floor(cast(starts_at - $from as double) / 3600) as integer) as hour,
    ends_at - starts_at as seconds,
    bikes_then - bikes as net,
    case when bikes >= 2 and rents = 1 then 1 else 0 end as can_rent,
    case when docks >= 2 and takes = 1 then 1 else 0 end as can_return
  from seen
  where starts_at is not null
    and ends_at - starts_at between 30 and 1500
),
usual as (
  select
    *,
    avg(cast(abs(net) as double)) over (partition by station_id) as mean_change
  from change
)
select
  station_id,
  hour,
  cast(sum(can_rent) as bigint) as rent_intervals,
  cast(sum(can_rent * seconds) as bigint) as rent_seconds,
  cast(sum(can_rent * greatest(-net, 0)) as bigint) as rented,
  cast(sum(can_return) as bigint) as return_intervals,
  cast(sum(can_return * seconds) as bigint) as return_seconds,
  cast(sum(can_return * greatest(net, 0)) as bigint) as returned
from usual
where abs(net) <= 3 + 4 * mean_change
group by station_id, hour
order by station_id, hour
