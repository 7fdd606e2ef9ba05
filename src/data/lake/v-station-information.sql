-- One row is one station as its newest version describes it; valid_from is when that version began.
with ranked as (
  select
    *,
    row_number() over (partition by station_id order by valid_from desc) as newness
  from station_information
)
select valid_from, station_id, name, short_name, lat, lon, capacity, region_id
from ranked
where newness = 1
