-- One row is one snapshot of the city in [$from, $to].
select distinct last_updated
from status
where last_updated >= $from and last_updated <= $to
order by last_updated
