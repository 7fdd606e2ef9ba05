-- One row is one live prediction of a slot in [$from, $until): the hash of the features it was made from, and when.
select endpoint, slot, station_id, features_hash, made_at
from predictions
where slot >= $from
  and slot < $until
  and not backfilled
order by slot, endpoint, station_id
