-- One row is the predictions of one model version, made in time, whose scores lie in one thousandth of 0..1 and whose outcome
-- is known: their number, and how many of them came true.
select
  model_version,
  cast(floor(score * 1000) as integer) as cell,
  max(score) as up_to,
  cast(count(*) as bigint) as samples,
  cast(sum(label) as bigint) as positives,
  min(slot) as first_slot,
  max(slot) as last_slot
from quality
where endpoint = $endpoint
  and slot >= $from
  and slot < $until
  and not backfilled
  and label is not null
group by model_version, cast(floor(score * 1000) as integer)
order by model_version, cell
