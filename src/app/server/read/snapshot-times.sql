-- One row is one snapshot of a day.
select distinct last_updated
from status
where last_updated >= $from and last_updated < $until
order by last_updated
