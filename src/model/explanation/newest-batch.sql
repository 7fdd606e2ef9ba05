-- One row is one prediction of an endpoint's newest batch at $at: made by then, or after the fact.
select *
from predictions
where endpoint = $endpoint
  and slot = (
    select max(slot)
    from predictions
    where endpoint = $endpoint
      and slot > $at - 3600
      and slot <= $at
      and (made_at <= $at or backfilled)
  )
  and (made_at <= $at or backfilled)
order by score desc, station_id
