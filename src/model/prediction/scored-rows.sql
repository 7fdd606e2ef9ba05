-- One row is one prediction of an endpoint, made in time, whose outcome is known: what was said, by whom, and what came.
select
  station_id,
  slot,
  cast(count_now as integer) as count_now,
  score,
  threshold,
  stockout,
  variant,
  model_version,
  cast(label as integer) as label
from quality
where endpoint = $endpoint
  and slot >= $from
  and slot < $until
  and not backfilled
  and label is not null
order by slot, station_id
