-- One row is one station with the capacity that was in force at $at, or first came into force that day.
select station_id, capacity
from (
  select
    station_id,
    capacity,
    row_number() over (
      partition by station_id
      order by case when valid_from <= $at then 0 else 1 end, abs($at - valid_from), capacity
    ) as place
  from stations
) as known
where place = 1 and capacity > 0
