-- One row is a feature row of a day with a utilisation outside 0..1.
select city, dt, station_id, util_bikes, util_docks, nbr_bikes_weighted, nbr_docks_weighted
from features
where util_bikes not between 0 and 1
  or util_docks not between 0 and 1
  or nbr_bikes_weighted not between 0 and 1
  or nbr_docks_weighted not between 0 and 1
order by slot, station_id
limit 20
