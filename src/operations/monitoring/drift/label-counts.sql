-- One row is one slot of an endpoint: how many of its live predictions have a known outcome, and how many ran short.
select endpoint, slot, count(*) as rows, sum(label) as short
from quality
where slot >= $from
  and slot < $until
  and not backfilled
  and label is not null
group by endpoint, slot
