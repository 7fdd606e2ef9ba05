-- One row is one station at one 5-minute slot from $slot_from to $slot_to at which its state is known: contract v1, with labels.
-- Reads: status, stations, neighbours, weather, calendar.
with

-- The state of the city at a slot is the newest snapshot at or before it, if that is at most 15 minutes old. A snapshot can
-- be the newest for the first slot at or after it and for the three that follow. Slots after $known_until are still to come.
snapshot as (
  select distinct last_updated
  from status
  where last_updated between $slot_from - 4500 and $slot_to + 1800
),
reach as (
  select 0 as seconds union all select 300 union all select 600 union all select 900
),
slot_state as (
  select slot, max(state_at) as state_at
  from (
    select
      snapshot.last_updated + mod(300 - mod(snapshot.last_updated, 300), 300) + reach.seconds as slot,
      snapshot.last_updated as state_at
    from snapshot cross join reach
  ) as candidate
  where slot - state_at <= 900
    and slot between $slot_from - 3600 and $slot_to + 1800
    and slot <= $known_until
  group by slot
),

-- Stations get numbers in the order of their ids; a version holds until the next.
station_number as (
  select station_id, cast(row_number() over (order by station_id) as integer) as station
  from (select distinct station_id from stations) as known
),
station_version as (
  select
    cast(dense_rank() over (order by station_id) as integer) as station,
    lat,
    lon,
    capacity,
    valid_from,
    lead(valid_from, 1, 9007199254740991) over (partition by station_id order by valid_from) as valid_to
  from stations
),

-- What a snapshot says of a station, with the information in force at that time. Capacity is the information's, else what is
-- counted there, else unknown.
state as (
  select
    status.last_updated as state_at,
    station_number.station,
    status.num_bikes_available as bikes,
    status.num_docks_available as docks,
    status.num_bikes_available + status.num_docks_available
      + coalesce(status.num_bikes_disabled, 0) + coalesce(status.num_docks_disabled, 0) as counted,
    status.is_installed,
    status.is_renting,
    status.is_returning
  from status
  join (select distinct state_at from slot_state) as needed on needed.state_at = status.last_updated
  join station_number on station_number.station_id = status.station_id
  where status.last_updated between $slot_from - 4500 and $slot_to + 1800
),
informed_state as (
  select
    state.*,
    station_version.station is not null as has_information,
    station_version.lat,
    station_version.lon,
    case
      when station_version.capacity > 0 then station_version.capacity
      when station_version.station is not null and state.counted > 0 then state.counted
    end as capacity
  from state
  left join station_version
    on station_version.station = state.station
    and station_version.valid_from <= state.state_at
    and station_version.valid_to > state.state_at
),

-- util_*: count / capacity, clipped to 0..1.
utilisation as (
  select
    *,
    cast(least(bikes, capacity) as double) / cast(capacity as double) as util_bikes,
    cast(least(docks, capacity) as double) / cast(capacity as double) as util_docks,
    floor(cast(least(bikes, capacity) as double) * 1e6 / cast(capacity as double)) as bikes_ppm,
    floor(cast(least(docks, capacity) as double) * 1e6 / cast(capacity as double)) as docks_ppm
  from informed_state
),

-- nbr_*_weighted: mean utilisation of the neighbours that have a state in the same snapshot, by weight. The sums are of whole
-- numbers below 2^53, so that no order of adding changes them.
neighbour_version as (
  select valid_from, lead(valid_from, 1, 9007199254740991) over (order by valid_from) as valid_to
  from (select distinct valid_from from neighbours) as version
),
neighbour as (
  select
    a.station,
    b.station as other,
    cast(neighbours.weight_ppb as double) as weight,
    neighbour_version.valid_from,
    neighbour_version.valid_to
  from neighbours
  join neighbour_version on neighbour_version.valid_from = neighbours.valid_from
  join station_number as a on a.station_id = neighbours.station_id
  join station_number as b on b.station_id = neighbours.neighbour_id
  where neighbour_version.valid_to > $slot_from - 900
),
surroundings as (
  select
    utilisation.state_at,
    neighbour.station,
    sum(neighbour.weight) as weight,
    sum(neighbour.weight * utilisation.bikes_ppm) as bikes_ppm,
    sum(neighbour.weight * utilisation.docks_ppm) as docks_ppm
  from utilisation
  join neighbour
    on neighbour.other = utilisation.station
    and neighbour.valid_from <= utilisation.state_at
    and neighbour.valid_to > utilisation.state_at
  where utilisation.is_installed
    and utilisation.capacity is not null
    and utilisation.state_at between $slot_from - 900 and $slot_to
  group by utilisation.state_at, neighbour.station
),
snapshot_feature as (
  select
    utilisation.*,
    surroundings.bikes_ppm / (surroundings.weight * 1e6) as nbr_bikes_weighted,
    surroundings.docks_ppm / (surroundings.weight * 1e6) as nbr_docks_weighted
  from utilisation
  left join surroundings
    on surroundings.state_at = utilisation.state_at
    and surroundings.station = utilisation.station
),

-- Every station at every slot, unknown states as nulls: so a row back is always five minutes back.
grid as (
  select station_number.station, calendar.slot, slot_state.state_at
  from station_number
  cross join calendar
  left join slot_state on slot_state.slot = calendar.slot
  where calendar.slot between $slot_from - 3600 and $slot_to + 1800
),
series as (
  select
    grid.slot,
    grid.station,
    seen.state_at,
    seen.has_information,
    seen.capacity,
    seen.lat,
    seen.lon,
    seen.bikes,
    seen.docks,
    seen.is_installed and seen.is_renting as usable_bikes,
    seen.is_installed and seen.is_returning as usable_docks,
    seen.util_bikes,
    seen.util_docks,
    seen.nbr_bikes_weighted,
    seen.nbr_docks_weighted
  from grid
  left join snapshot_feature as seen on seen.state_at = grid.state_at and seen.station = grid.station
),

-- Back to t-5m, t-15m, t-30m and t-60m, over the slots (t-w, t], and on to t+30m.
history as (
  select
    *,
    lag(bikes, 1) over by_slot as bikes_5m_ago,
    lag(docks, 1) over by_slot as docks_5m_ago,
    lag(bikes, 3) over by_slot as bikes_15m_ago,
    lag(bikes, 6) over by_slot as bikes_30m_ago,
    lag(bikes, 12) over by_slot as bikes_60m_ago,
    count(bikes) over last_15m as known_15m,
    sum(cast(bikes as double)) over last_15m as sum_15m,
    count(bikes) over last_30m as known_30m,
    sum(cast(bikes as double)) over last_30m as sum_30m,
    count(bikes) over last_60m as known_60m,
    sum(cast(bikes as double)) over last_60m as sum_60m,
    lead(bikes, 6) over by_slot as target_bikes_t30,
    lead(docks, 6) over by_slot as target_docks_t30
  from series
  window
    by_slot as (partition by station order by slot),
    last_15m as (partition by station order by slot rows between 2 preceding and current row),
    last_30m as (partition by station order by slot rows between 5 preceding and current row),
    last_60m as (partition by station order by slot rows between 11 preceding and current row)
),

-- Weather as of the slot: the newest hour not after it and at most 6 hours before it, of what had been issued by then; of
-- several reports of that hour the last issued.
weather_choice as (
  select
    calendar.slot,
    weather.*,
    row_number() over (
      partition by calendar.slot
      order by weather.valid_at desc, weather.issued_at desc, weather.source
    ) as choice
  from calendar
  join weather
    on weather.valid_at between calendar.slot - 21600 and calendar.slot
    and weather.issued_at <= calendar.slot
  where calendar.slot between $slot_from and $slot_to
)

select
  $city as city,
  calendar.dt,
  history.slot,
  station_number.station_id,
  history.state_at,
  history.capacity,
  history.lat,
  history.lon,
  history.bikes,
  history.docks,
  history.usable_bikes,
  history.usable_docks,
  cast(history.util_bikes as real) as util_bikes,
  cast(history.util_docks as real) as util_docks,
  cast(history.bikes - history.bikes_5m_ago as real) as delta_bikes_5m,
  cast(history.docks - history.docks_5m_ago as real) as delta_docks_5m,
  cast(history.bikes - history.bikes_15m_ago as real) as roll15_net_bikes,
  cast(history.bikes - history.bikes_30m_ago as real) as roll30_net_bikes,
  cast(history.bikes - history.bikes_60m_ago as real) as roll60_net_bikes,
  -- Of 3, 6 and 12 slots at least half must be known.
  cast(case when history.known_15m >= 2 then history.sum_15m / history.known_15m end as real) as roll15_bikes_mean,
  cast(case when history.known_30m >= 3 then history.sum_30m / history.known_30m end as real) as roll30_bikes_mean,
  cast(case when history.known_60m >= 6 then history.sum_60m / history.known_60m end as real) as roll60_bikes_mean,
  cast(history.nbr_bikes_weighted as real) as nbr_bikes_weighted,
  cast(history.nbr_docks_weighted as real) as nbr_docks_weighted,
  cast(calendar.hour as real) as hour,
  cast(calendar.dow as real) as dow,
  cast(calendar.is_weekend as real) as is_weekend,
  cast(calendar.is_holiday as real) as is_holiday,
  cast(weather_choice.temp_c as real) as temp_c,
  cast(weather_choice.precip_mm as real) as precip_mm,
  cast(weather_choice.wind_kph as real) as wind_kph,
  cast(weather_choice.rhum_pct as real) as rhum_pct,
  cast(weather_choice.pres_hpa as real) as pres_hpa,
  cast(weather_choice.wind_dir_deg as real) as wind_dir_deg,
  cast(weather_choice.wind_gust_kph as real) as wind_gust_kph,
  cast(weather_choice.snow_mm as real) as snow_mm,
  cast(weather_choice.weather_code as real) as weather_code,
  history.target_bikes_t30,
  history.target_docks_t30,
  case when history.target_bikes_t30 <= 2 then 1 when history.target_bikes_t30 > 2 then 0 end as y_stockout_bikes_30,
  case when history.target_docks_t30 <= 2 then 1 when history.target_docks_t30 > 2 then 0 end as y_stockout_docks_30
from history
join station_number on station_number.station = history.station
join calendar on calendar.slot = history.slot
left join weather_choice on weather_choice.slot = history.slot and weather_choice.choice = 1
where history.slot between $slot_from and $slot_to
  and history.has_information
order by history.slot, history.station
