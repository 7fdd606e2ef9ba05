-- One row is one prediction, of any endpoint, batch by batch, by station.
select
  endpoint,
  slot,
  station_id,
  count_now,
  score,
  threshold,
  stockout,
  variant,
  model_version,
  made_at,
  backfilled
from predictions
where slot >= $from and slot < $until
order by endpoint, slot, station_id
