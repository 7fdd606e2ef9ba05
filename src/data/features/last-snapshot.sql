-- One row: the time of the newest snapshot.
select max(last_updated) as last_updated
from status
