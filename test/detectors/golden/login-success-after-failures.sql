-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_before, f_successes, f_users
FROM (SELECT source_ip AS e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(arraySum(e -> e.2,
arrayFilter(e -> e.1 <= maxIf(toUnixTimestamp64Milli(timestamp), event_outcome = {p1:String}),
groupArraySortedIf(10000)((toUnixTimestamp64Milli(timestamp), event_repeats), event_outcome = {p2:String})))) AS f_before,
toFloat64(sumIf(event_repeats, event_outcome = {p1:String})) AS f_successes,
toFloat64(uniqIf((user_name), event_outcome = {p1:String})) AS f_users
FROM events
WHERE (category = {p3:String} AND event_action = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND source_ip != toIPv6('::')
GROUP BY e0, window)
-- p0 = 3600
-- p1 = "success"
-- p2 = "failure"
-- p3 = "auth"
-- p4 = "login"
-- p5 = 1772409600000
-- p6 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_before, f_successes, f_users
FROM (SELECT source_ip AS e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(arraySum(e -> e.2,
arrayFilter(e -> e.1 <= maxIf(toUnixTimestamp64Milli(timestamp), event_outcome = {p1:String}),
groupArraySortedIf(10000)((toUnixTimestamp64Milli(timestamp), event_repeats), event_outcome = {p2:String})))) AS f_before,
toFloat64(sumIf(event_repeats, event_outcome = {p1:String})) AS f_successes,
toFloat64(uniqIf((user_name), event_outcome = {p1:String})) AS f_users
FROM events
WHERE (category = {p3:String} AND event_action = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND source_ip != toIPv6('::')
GROUP BY e0, window)
-- p0 = 86400
-- p1 = "success"
-- p2 = "failure"
-- p3 = "auth"
-- p4 = "login"
-- p5 = 1772409600000
-- p6 = 1772496000000
