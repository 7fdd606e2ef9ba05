-- One row is a row of status, or of weather, that was there at some time: snapshots up to $status_until, and weather that had
-- been fetched by $weather_until. The statement of the features goes on from here.
with status as (
  select * from status_in_lake where last_updated <= $status_until
),
weather as (
  select * from weather_in_lake where issued_at <= $weather_until
)
