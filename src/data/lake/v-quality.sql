-- One row is one prediction with what happened: the station in the newest snapshot in [due_at - 900, due_at], where
-- due_at = slot + 1800. Without such a snapshot, or the station in it, the outcome is unknown and its columns are null.
with due as (
  select distinct slot + 1800 as due_at
  from predictions
),
snapshots as (
  select distinct last_updated
  from station_status
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
    states.outcome_at,
    status.station_id,
    status.num_bikes_available,
    status.num_docks_available
  from states
  join station_status as status on status.last_updated = states.outcome_at
),
joined as (
  select
    predictions.*,
    outcomes.outcome_at,
    case
      when predictions.target = 'bikes' then outcomes.num_bikes_available
      else outcomes.num_docks_available
    end as outcome_count
  from predictions
  left join outcomes
    on outcomes.due_at = predictions.slot + 1800 and outcomes.station_id = predictions.station_id
)
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
  backfilled,
  outcome_at,
  outcome_count,
  case when outcome_count is null then null when outcome_count <= 2 then 1 else 0 end as label,
  count_now > 2 as onset
from joined
