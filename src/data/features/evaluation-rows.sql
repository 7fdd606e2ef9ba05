-- One row is one usable station at one 10-minute slot from $from on and before $until whose label is known: as in
-- training-rows.sql, with the slot, the station and its count now (of bikes or docks, as $target says) before the label.
select
  slot,
  station_id,
  case when $target = 'bikes' then bikes else docks end as count,
  cast(case when $target = 'bikes' then y_stockout_bikes_30 else y_stockout_docks_30 end as real) as label,
  util_bikes, util_docks,
  delta_bikes_5m, delta_docks_5m,
  roll15_net_bikes, roll30_net_bikes, roll60_net_bikes,
  roll15_bikes_mean, roll30_bikes_mean, roll60_bikes_mean,
  nbr_bikes_weighted, nbr_docks_weighted,
  hour, dow, is_weekend, is_holiday,
  temp_c, precip_mm, wind_kph, rhum_pct, pres_hpa, wind_dir_deg, wind_gust_kph, snow_mm, weather_code
from features
where slot >= $from and slot < $until
  and mod(slot, 600) = 0
  and case when $target = 'bikes' then usable_bikes else usable_docks end
  and case when $target = 'bikes' then y_stockout_bikes_30 else y_stockout_docks_30 end is not null
order by slot, station_id
