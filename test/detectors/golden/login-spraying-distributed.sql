-- proofs work_login_spraying_distributed_proofs_0
INSERT INTO work_login_spraying_distributed_proofs_0 (value, first)
SELECT cityHash64(user_name, source_ip) AS value,
min(toUnixTimestamp64Milli(timestamp)) AS first
FROM events
WHERE (category = {p0:String} AND event_action = {p1:String}) AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND host_name != '' AND event_outcome = {p4:String} AND NOT (0)
GROUP BY value
-- p0 = "auth"
-- p1 = "login"
-- p2 = 1772409600000
-- p3 = 1772496000000
-- p4 = "success"

-- tallies
INSERT INTO work_login_spraying_distributed_tallies (e0, start, first, last, events, users_0, sources_0, failures_0, all_0, inside_0, newInside_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
groupUniqArrayIf(x3, x1 AND x2) AS users_0,
groupUniqArrayIf(x4, x1 AND x2) AS sources_0,
sumIf(event_repeats, x1 AND x2) AS failures_0,
groupUniqArrayIf(x3, 1) AS all_0,
groupUniqArrayIf(x3, x5) AS inside_0,
groupUniqArrayIf(x3, x1 AND x5) AS newInside_0
FROM (SELECT *,
toUInt8(work_login_spraying_distributed_proofs_0_first = 0 OR toUnixTimestamp64Milli(timestamp) <= work_login_spraying_distributed_proofs_0_first) AS x1
FROM (SELECT toString(host_name) AS e0, timestamp, event_repeats,
toUInt64(cityHash64(user_name, source_ip)) AS x0,
toUInt8(event_outcome = {p1:String}) AS x2,
toUInt64(cityHash64(user_name)) AS x3,
toUInt64(cityHash64(source_ip)) AS x4,
toUInt8(event_outcome = {p2:String}) AS x5
FROM events
WHERE (category = {p3:String} AND event_action = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND host_name != '') AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_login_spraying_distributed_proofs_0_value, first AS work_login_spraying_distributed_proofs_0_first
FROM work_login_spraying_distributed_proofs_0) AS work_login_spraying_distributed_proofs_0 ON x0 = work_login_spraying_distributed_proofs_0_value)
GROUP BY e0, start
-- p0 = 3600
-- p1 = "failure"
-- p2 = "success"
-- p3 = "auth"
-- p4 = "login"
-- p5 = 1772409600000
-- p6 = 1772496000000

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_users, f_sources, f_failures, f_all, f_inside, f_newInside, f_triesPerUser, f_share, f_newShare
FROM (SELECT *,
toFloat64(if(f_users = 0, 0, f_failures / f_users)) AS f_triesPerUser,
toFloat64(if(f_all = 0, 0, f_users / f_all)) AS f_share,
toFloat64(if(f_inside = 0, 0, f_newInside / f_inside)) AS f_newShare
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(length(users_0)) AS f_users,
toFloat64(length(sources_0)) AS f_sources,
toFloat64(failures_0) AS f_failures,
toFloat64(length(all_0)) AS f_all,
toFloat64(length(inside_0)) AS f_inside,
toFloat64(length(newInside_0)) AS f_newInside
FROM work_login_spraying_distributed_tallies AS t
WHERE events >= {p1:Int64}))
-- p0 = 3600
-- p1 = 1
