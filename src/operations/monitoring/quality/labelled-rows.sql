-- One row is one prediction, made in time, whose outcome is due in ($due_from, $due_to]: with the outcome where it is known
-- (as v-quality.sql has it) and the capacity of the station at the slot; or, with a reason, one that is to be set aside.
with asked as (
  select
    endpoint, target, slot, station_id, count_now, score, threshold, cast(stockout as integer) as said, variant, model_version
  from predictions
  where slot + 1800 > $due_from and slot + 1800 <= $due_to and not coalesce(backfilled, false)
),
one_each as (
  select
    endpoint,
    slot,
    station_id,
    min(target) as target,
    min(count_now) as count_now,
    min(score) as score,
    min(threshold) as threshold,
    min(said) as said,
    min(variant) as variant,
    min(model_version) as model_version,
    count(*) as copies,
    min(target) <> max(target)
      or min(count_now) <> max(count_now)
      or min(score) <> max(score)
      or min(threshold) <> max(threshold)
      or min(said) <> max(said)
      or min(variant) <> max(variant)
      or min(model_version) <> max(model_version) as conflict
  from asked
  group by endpoint, slot, station_id
),
due as (
  select distinct slot + 1800 as due_at
  from asked
),
status as (
  select last_updated, station_id, num_bikes_available, num_docks_available
  from station_status
  where last_updated > $due_from - 900 and last_updated <= $due_to
),
snapshots as (
  select distinct last_updated
  from status
),
-- A snapshot of the last 900 s lies in the same 900-second block as due_at, or in the block before it.
blocks as (
  select last_updated, last_updated - last_updated % 900 as block from snapshots
  union all
  select last_updated, last_updated - last_updated % 900 + 900 as block from snapshots
),
states as (
  select due.due_at, max(blocks.last_updated) as outcome_at
  from due
  join blocks on blocks.block = due.due_at - due.due_at % 900
  where blocks.last_updated <= due.due_at and blocks.last_updated >= due.due_at - 900
  group by due.due_at
),
outcomes as (
  select
    states.due_at,
    status.station_id,
    min(status.num_bikes_available) as bikes,
    max(status.num_bikes_available) as bikes_most,
    min(status.num_docks_available) as docks,
    max(status.num_docks_available) as docks_most
  from states
  join status on status.last_updated = states.outcome_at
  group by states.due_at, status.station_id
),
versions as (
  select
    station_id,
    valid_from,
    capacity,
    lead(valid_from, 1, 9007199254740991) over (partition by station_id order by valid_from) as valid_until
  from (
    select station_id, valid_from, max(capacity) as capacity
    from stations
    group by station_id, valid_from
  ) as known
),
joined as (
  select
    one_each.*,
    case when one_each.target = 'bikes' then outcomes.bikes else outcomes.docks end as outcome,
    case when one_each.target = 'bikes' then outcomes.bikes_most else outcomes.docks_most end as outcome_most,
    versions.capacity
  from one_each
  left join outcomes
    on outcomes.due_at = one_each.slot + 1800 and outcomes.station_id = one_each.station_id
  left join versions
    on versions.station_id = one_each.station_id
    and versions.valid_from <= one_each.slot
    and one_each.slot < versions.valid_until
)
select
  endpoint,
  target,
  slot,
  count_now,
  score,
  said,
  variant,
  model_version,
  copies,
  coalesce(capacity, -1) as capacity,
  case when outcome is null then -1 when outcome <= 2 then 1 else 0 end as label,
  case
    when conflict then 'conflicting_predictions'
    when target is null or count_now is null or score is null or threshold is null or said is null
      or variant is null or model_version is null or station_id is null or slot % 600 <> 0
      or target not in ('bikes', 'docks') or count_now < 0 or not (score >= 0 and score <= 1) then 'malformed'
    when (score >= threshold) <> (said = 1) then 'contradicts_its_threshold'
    when outcome <> outcome_most then 'conflicting_outcomes'
  end as reason
from joined
