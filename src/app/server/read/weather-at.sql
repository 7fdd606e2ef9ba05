-- One row: the weather that the features have at a moment, known by then and at most six hours old.
select
  valid_at,
  source,
  temp_c,
  precip_mm,
  wind_kph,
  rhum_pct,
  snow_mm,
  weather_code
from weather
where valid_at between $at - 21600 and $at and issued_at <= $at
order by valid_at desc, issued_at desc, source
limit 1
