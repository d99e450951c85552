-- value history work_user_new_host_values_0
INSERT INTO work_user_new_host_values_0 (value, e0, first, entities, size)
SELECT cityHash64(host_name) AS value,
toString(user_name) AS e0,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND event_action IN ({p1:String}, {p2:String}, {p3:String}) AND event_outcome = {p4:String} AND host_name != '' AND NOT (endsWith(user_name, {p5:String}))) AND timestamp >= fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND user_name != '' AND 1
GROUP BY value, e0
-- p0 = "auth"
-- p1 = "login"
-- p2 = "sudo"
-- p3 = "su"
-- p4 = "success"
-- p5 = "$"
-- p6 = 1772409600000
-- p7 = 1772496000000

-- tallies
INSERT INTO work_user_new_host_tallies (e0, start, first, last, events, logins_0, hosts_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS logins_0,
groupUniqArrayIf(x0, 1) AS hosts_0
FROM (SELECT toString(user_name) AS e0, timestamp, event_repeats,
toUInt64(cityHash64(host_name)) AS x0
FROM events
WHERE (category = {p1:String} AND event_action IN ({p2:String}, {p3:String}, {p4:String}) AND event_outcome = {p5:String} AND host_name != '' AND NOT (endsWith(user_name, {p6:String}))) AND timestamp >= fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p8:Int64}, 'UTC') AND user_name != '')
GROUP BY e0, start
-- p0 = 86400
-- p1 = "auth"
-- p2 = "login"
-- p3 = "sudo"
-- p4 = "su"
-- p5 = "success"
-- p6 = "$"
-- p7 = 1772409600000
-- p8 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_logins, f_hosts, f_newHosts, f_unlike, f_everUnlike, f_settled, f_here, f_ownUnlike, f_ownDays, f_peersUnlike, f_peersDays, f_allUnlike, f_allDays, f_moves, f_othersMove, f_othersHere
FROM (SELECT *,
toFloat64(sum(f_moves) OVER (PARTITION BY window) - f_moves) AS f_othersMove
FROM (SELECT *,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_here, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_ownDays,
toFloat64(round(toFloat64(if(peers = '',
sum(toInt128(round(least(f_here, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
sum(toInt128(round(least(f_here, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER (PARTITION BY peers ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_peersDays,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_here, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_allDays,
toFloat64(if(1 AND f_unlike >= {p1:Int64}, f_here, 0)) AS f_moves,
toFloat64(sum(f_here) OVER (PARTITION BY window) - f_here) AS f_othersHere
FROM (SELECT *,
toFloat64(f_logins > 0 AND toInt64(toUnixTimestamp(window)) - min(toInt64(toUnixTimestamp(window))) OVER (PARTITION BY e0) >= {p2:Int64}) AS f_settled,
toFloat64(f_logins > 0 AND toInt64(toUnixTimestamp(window)) - min(toInt64(toUnixTimestamp(window))) OVER (PARTITION BY e0) >= {p3:Int64}) AS f_here,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_everUnlike, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_ownUnlike,
toFloat64(round(toFloat64(if(peers = '',
sum(toInt128(round(least(f_everUnlike, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
sum(toInt128(round(least(f_everUnlike, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER (PARTITION BY peers ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_peersUnlike,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_everUnlike, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_allUnlike
FROM (SELECT p.*, peers, members
FROM (SELECT l.*,
toFloat64(firsts) AS f_everUnlike
FROM (SELECT l.*,
toFloat64(firsts) AS f_unlike
FROM (SELECT l.*,
toFloat64(firsts) AS f_newHosts
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p4:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(logins_0) AS f_logins,
toFloat64(length(hosts_0)) AS f_hosts
FROM work_user_new_host_tallies AS t
WHERE events >= {p1:Int64}) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p4:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_user_new_host_values_0
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
toIntervalSecond({p4:Int64}), 'UTC') AS window,
toInt64(toUnixTimestamp(window)) AS at
FROM work_user_new_host_values_0) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p5:String})
GROUP BY peer_entity) AS g ON lower(toString(p.e0)) = g.peer_entity))
WHERE earlier > 0 AND if(peers = '', anybody <= {p6:Float64} * ((SELECT uniqExact(e0)
FROM work_user_new_host_values_0) - 1), kin = 0) AND known >= {p2:Int64}
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
toIntervalSecond({p4:Int64}), 'UTC') AS window,
toInt64(toUnixTimestamp(window)) AS at
FROM work_user_new_host_values_0) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p5:String})
GROUP BY peer_entity) AS g ON lower(toString(p.e0)) = g.peer_entity))
WHERE earlier > 0 AND if(peers = '', anybody <= {p6:Float64} * ((SELECT uniqExact(e0)
FROM work_user_new_host_values_0) - 1), kin = 0) AND known >= {p3:Int64}
GROUP BY e0, window) AS r USING (e0, window)) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p5:String})
GROUP BY peer_entity) AS g ON lower(toString(p.e0)) = g.peer_entity))))
-- p0 = 1772496000
-- p1 = 1
-- p2 = 604800
-- p3 = 0
-- p4 = 86400
-- p5 = "user_name"
-- p6 = 0.1
