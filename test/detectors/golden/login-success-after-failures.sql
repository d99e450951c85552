-- what each event contributes
INSERT INTO work_login_success_after_failures_facts (e0, timestamp, event_repeats, x0, x1, x2)
SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8(event_outcome = {p0:String}) AS x0,
toUInt8(event_outcome = {p1:String}) AS x1,
toUInt64(cityHash64(user_name)) AS x2
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::')
-- p0 = "failure"
-- p1 = "success"
-- p2 = "auth"
-- p3 = "login"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_before, f_successes, f_users
FROM (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(arraySum(e -> e.2,
arrayFilter(e -> e.1 <= maxIf(toUnixTimestamp64Milli(timestamp), x1),
groupArraySortedIf(10000)((toUnixTimestamp64Milli(timestamp), event_repeats), x0)))) AS f_before,
toFloat64(sumIf(event_repeats, x1)) AS f_successes,
toFloat64(uniqIf(x2, x1)) AS f_users
FROM work_login_success_after_failures_facts
GROUP BY e0, window)
-- p0 = 3600

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_before, f_successes, f_users
FROM (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(arraySum(e -> e.2,
arrayFilter(e -> e.1 <= maxIf(toUnixTimestamp64Milli(timestamp), x1),
groupArraySortedIf(10000)((toUnixTimestamp64Milli(timestamp), event_repeats), x0)))) AS f_before,
toFloat64(sumIf(event_repeats, x1)) AS f_successes,
toFloat64(uniqIf(x2, x1)) AS f_users
FROM work_login_success_after_failures_facts
GROUP BY e0, window)
-- p0 = 86400
