-- One row is a feature of station state that is missing in 1 % or more of a day's rows without a reason: a slot it looks back
-- to had no snapshot of the city at all, the station (at the lake's beginning, every station) came to the feed less than an
-- hour before, or it has no capacity and nothing counted all day: a ghost, which has no utilisation.
-- Reads: features (the day from $slot_from to $slot_to), status from two hours and a quarter before it, calendar.
with
snapshot as (
  select distinct last_updated
  from status
  where last_updated between $slot_from - 4500 and $slot_to
),
known_slot as (
  select
    calendar.slot,
    max(case when snapshot.last_updated is null then 0 else 1 end) as known
  from calendar
  left join snapshot on snapshot.last_updated between calendar.slot - 900 and calendar.slot
  where calendar.slot between $slot_from - 3600 and $slot_to
  group by calendar.slot
),
gap as (
  select
    slot,
    lag(known, 1) over by_slot = 0 as at_5m,
    lag(known, 3) over by_slot = 0 as at_15m,
    lag(known, 6) over by_slot = 0 as at_30m,
    lag(known, 12) over by_slot = 0 as at_60m,
    sum(known) over (order by slot rows between 2 preceding and current row) < 2 as over_15m,
    sum(known) over (order by slot rows between 5 preceding and current row) < 3 as over_30m,
    sum(known) over (order by slot rows between 11 preceding and current row) < 6 as over_60m
  from known_slot
  window by_slot as (order by slot)
),
arrival as (
  select station_id, min(last_updated) as first_seen
  from status
  where last_updated between $slot_from - 8100 and $slot_to
  group by station_id
),
ghost as (
  select station_id
  from features
  group by station_id
  having count(capacity) = 0
),
incomplete as (
  select
    slot, station_id, util_bikes, util_docks, delta_bikes_5m, delta_docks_5m,
    roll15_net_bikes, roll30_net_bikes, roll60_net_bikes, roll15_bikes_mean, roll30_bikes_mean, roll60_bikes_mean,
    nbr_bikes_weighted, nbr_docks_weighted
  from features
  where util_bikes is null or util_docks is null or delta_bikes_5m is null or delta_docks_5m is null
    or roll15_net_bikes is null or roll30_net_bikes is null or roll60_net_bikes is null
    or roll15_bikes_mean is null or roll30_bikes_mean is null or roll60_bikes_mean is null
    or nbr_bikes_weighted is null or nbr_docks_weighted is null
),
settled as (
  select incomplete.*, ghost.station_id is not null as is_ghost, gap.at_5m, gap.at_15m, gap.at_30m, gap.at_60m, gap.over_15m, gap.over_30m, gap.over_60m
  from incomplete
  join gap on gap.slot = incomplete.slot
  join arrival on arrival.station_id = incomplete.station_id
  left join ghost on ghost.station_id = incomplete.station_id
  where arrival.first_seen <= incomplete.slot - 3600
),
missing as (
  select
    (select count(*) from features) as of_rows,
    count(case when util_bikes is null and not is_ghost then 1 end) as util_bikes,
    count(case when util_docks is null and not is_ghost then 1 end) as util_docks,
    count(case when delta_bikes_5m is null and not at_5m then 1 end) as delta_bikes_5m,
    count(case when delta_docks_5m is null and not at_5m then 1 end) as delta_docks_5m,
    count(case when roll15_net_bikes is null and not at_15m then 1 end) as roll15_net_bikes,
    count(case when roll30_net_bikes is null and not at_30m then 1 end) as roll30_net_bikes,
    count(case when roll60_net_bikes is null and not at_60m then 1 end) as roll60_net_bikes,
    count(case when roll15_bikes_mean is null and not over_15m then 1 end) as roll15_bikes_mean,
    count(case when roll30_bikes_mean is null and not over_30m then 1 end) as roll30_bikes_mean,
    count(case when roll60_bikes_mean is null and not over_60m then 1 end) as roll60_bikes_mean,
    count(case when nbr_bikes_weighted is null then 1 end) as nbr_bikes_weighted,
    count(case when nbr_docks_weighted is null then 1 end) as nbr_docks_weighted
  from settled
),
-- One look at `missing` for all features: an engine may read a table again for every mention of what is made from it.
by_feature as (
  select
    name.feature,
    case name.feature
      when 'util_bikes' then missing.util_bikes
      when 'util_docks' then missing.util_docks
      when 'delta_bikes_5m' then missing.delta_bikes_5m
      when 'delta_docks_5m' then missing.delta_docks_5m
      when 'roll15_net_bikes' then missing.roll15_net_bikes
      when 'roll30_net_bikes' then missing.roll30_net_bikes
      when 'roll60_net_bikes' then missing.roll60_net_bikes
      when 'roll15_bikes_mean' then missing.roll15_bikes_mean
      when 'roll30_bikes_mean' then missing.roll30_bikes_mean
      when 'roll60_bikes_mean' then missing.roll60_bikes_mean
      when 'nbr_bikes_weighted' then missing.nbr_bikes_weighted
      when 'nbr_docks_weighted' then missing.nbr_docks_weighted
    end as missing,
    missing.of_rows
  from missing
  cross join (values
    ('util_bikes'),
    ('util_docks'),
    ('delta_bikes_5m'),
    ('delta_docks_5m'),
    ('roll15_net_bikes'),
    ('roll30_net_bikes'),
    ('roll60_net_bikes'),
    ('roll15_bikes_mean'),
    ('roll30_bikes_mean'),
    ('roll60_bikes_mean'),
    ('nbr_bikes_weighted'),
    ('nbr_docks_weighted')
  ) as name(feature)
)
select feature, missing, of_rows
from by_feature
where missing * 100 >= of_rows and missing > 0
order by feature
