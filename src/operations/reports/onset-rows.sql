-- One row is one prediction, made in time, of a station that still had more than two: the station ran short within 30
-- minutes, or a warning said that it would.
select station_id, slot, cast(label as integer) as label, stockout
from quality
where endpoint = $endpoint
  and due_at >= $from
  and due_at < $to
  and not backfilled
  and onset
  and label is not null
  and (label = 1 or stockout)
order by station_id, slot
