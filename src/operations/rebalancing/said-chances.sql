-- One row is what an endpoint said of one station in its newest batch from $since to $at: the score of two or fewer in 30 minutes.
-- Reads: predictions.
with newest as (
  select max(slot) as slot
  from predictions
  where endpoint = $endpoint and slot between $since and $at
)
select predictions.station_id, predictions.slot, predictions.score
from predictions
join newest on newest.slot = predictions.slot
where predictions.endpoint = $endpoint
order by predictions.station_id
