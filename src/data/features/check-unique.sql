-- One row is a station with more than one row at a slot of a day: (city, dt, station_id), and dt is the slot's, is to be unique.
select slot, station_id, count(*) as times
from features
group by slot, station_id
having count(*) > 1
order by slot, station_id
limit 20
