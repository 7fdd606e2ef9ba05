-- One row is a (city, dt, station_id) that occurs more than once in a day's feature rows.
select city, dt, station_id, count(*) as times
from features
group by city, dt, station_id
having count(*) > 1
order by dt, station_id
limit 20
