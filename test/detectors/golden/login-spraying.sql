-- what each event contributes
INSERT INTO work_login_spraying_facts (e0, timestamp, event_repeats, x0, x1)
SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(user_name)) AS x0,
toUInt8(event_outcome = {p0:String}) AS x1
FROM events
WHERE (category = {p1:String} AND event_action = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::')
-- p0 = "failure"
-- p1 = "auth"
-- p2 = "login"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_users, f_failures, f_triesPerUser
FROM (SELECT *,
toFloat64(if(f_users = 0, 0, f_failures / f_users)) AS f_triesPerUser
FROM (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(uniqIf(x0, x1)) AS f_users,
toFloat64(sumIf(event_repeats, x1)) AS f_failures
FROM work_login_spraying_facts
GROUP BY e0, window))
-- p0 = 3600

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_users, f_failures, f_triesPerUser
FROM (SELECT *,
toFloat64(if(f_users = 0, 0, f_failures / f_users)) AS f_triesPerUser
FROM (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(uniqIf(x0, x1)) AS f_users,
toFloat64(sumIf(event_repeats, x1)) AS f_failures
FROM work_login_spraying_facts
GROUP BY e0, window))
-- p0 = 86400
