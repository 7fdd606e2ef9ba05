-- One row is one hour of weather as it was known at $at: its newest issue by then, from yesterday to tomorrow.
with known as (
  select
    *,
    row_number() over (partition by valid_at order by issued_at desc, source) as newness
  from weather
  where issued_at <= $at and valid_at >= $valid_from and valid_at < $valid_to
)
select *
from known
where newness = 1
order by valid_at
