-- One row is one prediction: the risk, made from slot, that the station has two or fewer bikes (docks) at due_at.
select
  city,
  endpoint,
  target,
  slot,
  slot + 1800 as due_at,
  dt,
  station_id,
  count_now,
  score,
  threshold,
  stockout,
  variant,
  model_version,
  features_hash,
  inference_id,
  shuffle_seed,
  made_at,
  backfilled
from predictions
