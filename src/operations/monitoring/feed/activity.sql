-- One row is one station in one hour from $from on and before $until in which it was in use and seen at least twice: whether its
-- counts changed.
select
  station_id,
  last_updated - mod(last_updated, 3600) as hour,
  case
    when min(num_bikes_available) <> max(num_bikes_available)
      or min(num_docks_available) <> max(num_docks_available) then 1
    else 0
  end as changed
from status
where last_updated >= $from
  and last_updated < $until
  and is_installed
  and (is_renting or is_returning)
group by station_id, last_updated - mod(last_updated, 3600)
having count(*) >= 2
order by station_id, hour
