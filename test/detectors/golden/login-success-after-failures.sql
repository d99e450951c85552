-- proofs work_login_success_after_failures_proofs_0
INSERT INTO work_login_success_after_failures_proofs_0 (value, first)
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
INSERT INTO work_login_success_after_failures_tallies (e0, start, first, last, events, before_0, before_1, strangers_0, successes_0, users_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
groupArraySortedStateIf(10000)((toUnixTimestamp64Milli(timestamp), event_repeats), x0) AS before_0,
maxIf(toUnixTimestamp64Milli(timestamp), x1) AS before_1,
sumIf(event_repeats, x3 AND x0) AS strangers_0,
sumIf(event_repeats, x1) AS successes_0,
groupUniqArrayIf(x4, x1) AS users_0
FROM (SELECT *,
toUInt8(work_login_success_after_failures_proofs_0_first = 0 OR toUnixTimestamp64Milli(timestamp) <= work_login_success_after_failures_proofs_0_first) AS x3
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8(event_outcome = {p1:String}) AS x0,
toUInt8(event_outcome = {p2:String}) AS x1,
toUInt64(cityHash64(user_name, source_ip)) AS x2,
toUInt64(cityHash64(user_name)) AS x4
FROM events
WHERE (category = {p3:String} AND event_action = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND source_ip != toIPv6('::')) AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_login_success_after_failures_proofs_0_value, first AS work_login_success_after_failures_proofs_0_first
FROM work_login_success_after_failures_proofs_0) AS work_login_success_after_failures_proofs_0 ON x2 = work_login_success_after_failures_proofs_0_value)
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
toUInt64(events) AS events, f_before, f_strangers, f_successes, f_users, f_perSuccess
FROM (SELECT *,
toFloat64(f_strangers / (f_successes + {p0:Int64})) AS f_perSuccess
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(arraySum(e -> e.2,
arrayFilter(e -> e.1 <= before_1,
finalizeAggregation(before_0)))) AS f_before,
toFloat64(strangers_0) AS f_strangers,
toFloat64(successes_0) AS f_successes,
toFloat64(length(users_0)) AS f_users
FROM work_login_success_after_failures_tallies AS t
WHERE events >= {p0:Int64}))
-- p0 = 1
-- p1 = 3600

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_before, f_strangers, f_successes, f_users, f_perSuccess
FROM (SELECT *,
toFloat64(f_strangers / (f_successes + {p0:Int64})) AS f_perSuccess
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(arraySum(e -> e.2,
arrayFilter(e -> e.1 <= max(before_1),
groupArraySortedMerge(10000)(before_0)))) AS f_before,
toFloat64(sum(strangers_0)) AS f_strangers,
toFloat64(sum(successes_0)) AS f_successes,
toFloat64(length(groupUniqArrayArray(users_0))) AS f_users
FROM work_login_success_after_failures_tallies AS t
GROUP BY e0, window
HAVING events >= {p0:Int64}))
-- p0 = 1
-- p1 = 86400
