-- One row is one station: mean and standard deviation of its station-state features over the training rows, the usable 10-minute
-- slots from $from on and before $until with a known outcome of $target.
select
  station_id,
  avg(cast(util_bikes as double)) as util_bikes,
  stddev_samp(cast(util_bikes as double)) as util_bikes_sd,
  avg(cast(util_docks as double)) as util_docks,
  stddev_samp(cast(util_docks as double)) as util_docks_sd,
  avg(cast(delta_bikes_5m as double)) as delta_bikes_5m,
  stddev_samp(cast(delta_bikes_5m as double)) as delta_bikes_5m_sd,
  avg(cast(delta_docks_5m as double)) as delta_docks_5m,
  stddev_samp(cast(delta_docks_5m as double)) as delta_docks_5m_sd,
  avg(cast(roll15_net_bikes as double)) as roll15_net_bikes,
  stddev_samp(cast(roll15_net_bikes as double)) as roll15_net_bikes_sd,
  avg(cast(roll30_net_bikes as double)) as roll30_net_bikes,
  stddev_samp(cast(roll30_net_bikes as double)) as roll30_net_bikes_sd,
  avg(cast(roll60_net_bikes as double)) as roll60_net_bikes,
  stddev_samp(cast(roll60_net_bikes as double)) as roll60_net_bikes_sd,
  avg(cast(roll15_bikes_mean as double)) as roll15_bikes_mean,
  stddev_samp(cast(roll15_bikes_mean as double)) as roll15_bikes_mean_sd,
  avg(cast(roll30_bikes_mean as double)) as roll30_bikes_mean,
  stddev_samp(cast(roll30_bikes_mean as double)) as roll30_bikes_mean_sd,
  avg(cast(roll60_bikes_mean as double)) as roll60_bikes_mean,
  stddev_samp(cast(roll60_bikes_mean as double)) as roll60_bikes_mean_sd,
  avg(cast(nbr_bikes_weighted as double)) as nbr_bikes_weighted,
  stddev_samp(cast(nbr_bikes_weighted as double)) as nbr_bikes_weighted_sd,
  avg(cast(nbr_docks_weighted as double)) as nbr_docks_weighted,
  stddev_samp(cast(nbr_docks_weighted as double)) as nbr_docks_weighted_sd
from features
where slot >= $from and slot < $until
  and mod(slot, 600) = 0
  and case when $target = 'bikes' then usable_bikes else usable_docks end
  and case when $target = 'bikes' then y_stockout_bikes_30 else y_stockout_docks_30 end is not null
group by station_id
order by station_id
