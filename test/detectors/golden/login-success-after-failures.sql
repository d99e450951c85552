-- tallies
INSERT INTO work_login_success_after_failures_tallies (e0, start, first, last, events, before_0, before_1, successes_0, users_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
groupArraySortedStateIf(10000)((toUnixTimestamp64Milli(timestamp), event_repeats), x0) AS before_0,
maxIf(toUnixTimestamp64Milli(timestamp), x1) AS before_1,
sumIf(event_repeats, x1) AS successes_0,
arrayDistinct(groupArrayIf(x2, x1)) AS users_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8(event_outcome = {p1:String}) AS x0,
toUInt8(event_outcome = {p2:String}) AS x1,
toUInt64(cityHash64(user_name)) AS x2
FROM events
WHERE (category = {p3:String} AND event_action = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND source_ip != toIPv6('::'))
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
toUInt64(events) AS events, f_before, f_successes, f_users
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(arraySum(e -> e.2,
arrayFilter(e -> e.1 <= before_1,
finalizeAggregation(before_0)))) AS f_before,
toFloat64(successes_0) AS f_successes,
toFloat64(length(users_0)) AS f_users
FROM work_login_success_after_failures_tallies AS t
WHERE events >= {p1:Int64})
-- p0 = 3600
-- p1 = 1

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_before, f_successes, f_users
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(arraySum(e -> e.2,
arrayFilter(e -> e.1 <= max(before_1),
groupArraySortedMerge(10000)(before_0)))) AS f_before,
toFloat64(sum(successes_0)) AS f_successes,
toFloat64(length(arrayDistinct(groupArrayArray(users_0)))) AS f_users
FROM work_login_success_after_failures_tallies AS t
GROUP BY e0, window
HAVING events >= {p1:Int64})
-- p0 = 86400
-- p1 = 1
