-- proofs work_login_spraying_proofs_0
INSERT INTO work_login_spraying_proofs_0 (value, first)
SELECT cityHash64(user_name, source_ip) AS value,
min(toUnixTimestamp64Milli(timestamp)) AS first
FROM events
WHERE (category = {p0:String} AND event_action = {p1:String}) AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND event_outcome = {p4:String} AND NOT (0)
GROUP BY value
-- p0 = "auth"
-- p1 = "login"
-- p2 = 1772409600000
-- p3 = 1772496000000
-- p4 = "success"

-- tallies
INSERT INTO work_login_spraying_tallies (e0, start, first, last, events, users_0, failures_0, inside_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
groupUniqArrayIf(x3, x1 AND x2) AS users_0,
sumIf(event_repeats, x1 AND x2) AS failures_0,
groupUniqArrayIf(x3, x4) AS inside_0
FROM (SELECT *,
toUInt8(work_login_spraying_proofs_0_first = 0 OR toUnixTimestamp64Milli(timestamp) <= work_login_spraying_proofs_0_first) AS x1
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(user_name, source_ip)) AS x0,
toUInt8(event_outcome = {p1:String}) AS x2,
toUInt64(cityHash64(user_name)) AS x3,
toUInt8(event_outcome = {p2:String}) AS x4
FROM events
WHERE (category = {p3:String} AND event_action = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND source_ip != toIPv6('::')) AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_login_spraying_proofs_0_value, first AS work_login_spraying_proofs_0_first
FROM work_login_spraying_proofs_0) AS work_login_spraying_proofs_0 ON x0 = work_login_spraying_proofs_0_value)
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
toUInt64(events) AS events, f_users, f_failures, f_inside, f_triesPerUser, f_perInside
FROM (SELECT *,
toFloat64(if(f_users = 0, 0, f_failures / f_users)) AS f_triesPerUser,
toFloat64(f_users / (f_inside + {p0:Int64})) AS f_perInside
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(length(users_0)) AS f_users,
toFloat64(failures_0) AS f_failures,
toFloat64(length(inside_0)) AS f_inside
FROM work_login_spraying_tallies AS t
WHERE events >= {p0:Int64}))
-- p0 = 1
-- p1 = 3600

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_users, f_failures, f_inside, f_triesPerUser, f_perInside
FROM (SELECT *,
toFloat64(if(f_users = 0, 0, f_failures / f_users)) AS f_triesPerUser,
toFloat64(f_users / (f_inside + {p0:Int64})) AS f_perInside
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(length(groupUniqArrayArray(users_0))) AS f_users,
toFloat64(sum(failures_0)) AS f_failures,
toFloat64(length(groupUniqArrayArray(inside_0))) AS f_inside
FROM work_login_spraying_tallies AS t
GROUP BY e0, window
HAVING events >= {p0:Int64}))
-- p0 = 1
-- p1 = 86400
