-- tallies
INSERT INTO work_login_spraying_tallies (e0, start, first, last, events, users_0, failures_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
arrayDistinct(groupArrayIf(x0, x1)) AS users_0,
sumIf(event_repeats, x1) AS failures_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(user_name)) AS x0,
toUInt8(event_outcome = {p1:String}) AS x1
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 3600
-- p1 = "failure"
-- p2 = "auth"
-- p3 = "login"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_users, f_failures, f_triesPerUser
FROM (SELECT *,
toFloat64(if(f_users = 0, 0, f_failures / f_users)) AS f_triesPerUser
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(length(users_0)) AS f_users,
toFloat64(failures_0) AS f_failures
FROM work_login_spraying_tallies AS t
WHERE events >= {p1:Int64}))
-- p0 = 3600
-- p1 = 1

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_users, f_failures, f_triesPerUser
FROM (SELECT *,
toFloat64(if(f_users = 0, 0, f_failures / f_users)) AS f_triesPerUser
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(length(arrayDistinct(groupArrayArray(users_0)))) AS f_users,
toFloat64(sum(failures_0)) AS f_failures
FROM work_login_spraying_tallies AS t
GROUP BY e0, window
HAVING events >= {p1:Int64}))
-- p0 = 86400
-- p1 = 1
