-- One row is one hour of weather valid in [$from, $to]: its newest issue that was there by $to.
with known as (
  select
    *,
    row_number() over (partition by valid_at order by issued_at desc, source) as newness
  from weather
  where valid_at >= $from and valid_at <= $to and issued_at <= $to
)
select valid_at, temp_c, precip_mm, wind_kph, rhum_pct, pres_hpa, wind_dir_deg, wind_gust_kph, snow_mm, weather_code
from known
where newness = 1
order by valid_at
