-- One row: how many usable stations at ten-minute slots have a known outcome, how many ran short, and from when to when.
select
  count(*) as row_count,
  coalesce(sum(case when $target = 'bikes' then y_stockout_bikes_30 else y_stockout_docks_30 end), 0) as positives,
  min(slot) as first_slot,
  max(slot) as last_slot
from features
where slot >= $from and slot < $until
  and mod(slot, 600) = 0
  and case when $target = 'bikes' then usable_bikes else usable_docks end
  and case when $target = 'bikes' then y_stockout_bikes_30 else y_stockout_docks_30 end is not null
