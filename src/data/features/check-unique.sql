-- One row is a station that has more than one row at a slot of a day's feature rows: (city, dt, station_id) is to be unique.
select min(dt) as dt, station_id, count(*) as times
from features
group by slot, station_id
having count(*) > 1
order by dt, station_id
limit 20
