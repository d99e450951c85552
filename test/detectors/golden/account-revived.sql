-- value history work_account_revived_values_0
INSERT INTO work_account_revived_values_0 (value, e0, first, entities, size)
SELECT cityHash64(source_ip) AS value,
toString(user_name) AS e0,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category IN ({p0:String}, {p1:String}, {p2:String}, {p3:String}) AND NOT (event_outcome = {p4:String}) AND user_name != '' AND (NOT (endsWith(user_name, {p5:String})))) AND timestamp >= fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::')
GROUP BY value, e0
-- p0 = "auth"
-- p1 = "process"
-- p2 = "cloud"
-- p3 = "app"
-- p4 = "failure"
-- p5 = "$"
-- p6 = 1772409600000
-- p7 = 1772496000000

-- value history work_account_revived_values_1
INSERT INTO work_account_revived_values_1 (value, e0, first, entities, size)
SELECT cityHash64(host_name) AS value,
toString(user_name) AS e0,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category IN ({p0:String}, {p1:String}, {p2:String}, {p3:String}) AND NOT (event_outcome = {p4:String}) AND user_name != '' AND (NOT (endsWith(user_name, {p5:String})))) AND timestamp >= fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND user_name != '' AND host_name != ''
GROUP BY value, e0
-- p0 = "auth"
-- p1 = "process"
-- p2 = "cloud"
-- p3 = "app"
-- p4 = "failure"
-- p5 = "$"
-- p6 = 1772409600000
-- p7 = 1772496000000

-- tallies
INSERT INTO work_account_revived_tallies (e0, start, first, last, events, events_0, hosts_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS events_0,
groupUniqArrayIf(x0, x1) AS hosts_0
FROM (SELECT toString(user_name) AS e0, timestamp, event_repeats,
toUInt64(cityHash64(host_name)) AS x0,
toUInt8(host_name != '') AS x1
FROM events
WHERE (category IN ({p1:String}, {p2:String}, {p3:String}, {p4:String}) AND NOT (event_outcome = {p5:String}) AND user_name != '' AND (NOT (endsWith(user_name, {p6:String})))) AND timestamp >= fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p8:Int64}, 'UTC') AND user_name != '')
GROUP BY e0, start
-- p0 = 86400
-- p1 = "auth"
-- p2 = "process"
-- p3 = "cloud"
-- p4 = "app"
-- p5 = "failure"
-- p6 = "$"
-- p7 = 1772409600000
-- p8 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_events, f_hosts, f_here, f_days, f_pause, f_longest, f_timesLonger, f_newSources, f_unlike, f_back, f_allBack, f_allDays
FROM (SELECT *,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_back, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_allBack
FROM (SELECT *,
toFloat64(if(1 AND f_pause >= {p1:Int64} AND f_timesLonger >= {p2:Int64} AND f_days >= {p3:Int64}, f_here + f_newSources + f_unlike, 0)) AS f_back
FROM (SELECT *,
toFloat64(f_pause / (f_longest + {p4:Int64})) AS f_timesLonger
FROM (SELECT *,
toFloat64(sum(f_here) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_days,
toFloat64(max(f_pause * 1) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_longest,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_here, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_allDays
FROM (SELECT *,
toFloat64(f_events > 0 AND toInt64(toUnixTimestamp(window)) - min(toInt64(toUnixTimestamp(window))) OVER (PARTITION BY e0) >= {p5:Int64}) AS f_here,
toFloat64(if(maxIf(toInt64(toUnixTimestamp(window)), f_events > 0) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) = 0, 0, (toInt64(toUnixTimestamp(window)) - maxIf(toInt64(toUnixTimestamp(window)), f_events > 0) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / {p6:Int64})) AS f_pause
FROM (SELECT p.*, peers, members
FROM (SELECT l.*,
toFloat64(firsts) AS f_unlike
FROM (SELECT l.*,
toFloat64(firsts) AS f_newSources
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p6:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(events_0) AS f_events,
toFloat64(length(hosts_0)) AS f_hosts
FROM work_account_revived_tallies AS t
WHERE events >= {p4:Int64}) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p6:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_account_revived_values_0
GROUP BY e0, window) AS r USING (e0, window)) AS l
GLOBAL ANY LEFT JOIN (SELECT e0, window,
count() AS firsts
FROM (SELECT e0, window, peers, members,
count() OVER (PARTITION BY value ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier,
count() OVER (PARTITION BY value ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1 AS anybody,
count() OVER (PARTITION BY value, peers ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1 AS kin, at - min(at) OVER (PARTITION BY e0) AS known
FROM (SELECT p.*, peers, members
FROM (SELECT *,
toStartOfInterval(first,
toIntervalSecond({p6:Int64}), 'UTC') AS window,
toInt64(toUnixTimestamp(window)) AS at
FROM work_account_revived_values_1) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p7:String})
GROUP BY peer_entity) AS g ON lower(toString(p.e0)) = g.peer_entity))
WHERE earlier > 0 AND if(peers = '', anybody <= {p8:Float64} * ((SELECT uniqExact(e0)
FROM work_account_revived_values_1) - 1), kin = 0) AND known >= {p9:Int64}
GROUP BY e0, window) AS r USING (e0, window)) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p7:String})
GROUP BY peer_entity) AS g ON lower(toString(p.e0)) = g.peer_entity))))))
-- p0 = 1772496000
-- p1 = 30
-- p2 = 2
-- p3 = 5
-- p4 = 1
-- p5 = 0
-- p6 = 86400
-- p7 = "user_name"
-- p8 = 0.1
-- p9 = 604800
