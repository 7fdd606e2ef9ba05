-- One row is one model version of an endpoint with live predictions of slots in [$from, $until), and the last such slot.
select endpoint, target, model_version, max(slot) as last, count(*) as predictions
from predictions
where slot >= $from
  and slot < $until
  and not backfilled
group by endpoint, target, model_version
order by endpoint, last, predictions, model_version
