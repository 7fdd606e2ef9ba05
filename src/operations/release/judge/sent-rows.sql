-- One row is one live prediction of an endpoint for a slot in [$from, $until): which station the row of a request was about.
select inference_id, features_hash, slot, station_id
from predictions
where endpoint = $endpoint
  and slot >= $from
  and slot < $until
  and not backfilled
