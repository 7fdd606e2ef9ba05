-- One row is one set of predictions of one endpoint in the 24 hours that end at a batch, as of one revision.
select *
from published
where ends_at >= $from and ends_at <= $to
  and (cast($endpoint as varchar) is null or endpoint = $endpoint)
  and (cast($kind as varchar) is null or kind = $kind)
order by
  endpoint,
  ends_at,
  revision,
  case kind when 'all' then 0 when 'variant' then 1 when 'version' then 2 when 'hour' then 3 when 'group' then 4 else 5 end,
  capacity_max nulls last,
  name
