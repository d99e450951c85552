-- proofs work_login_failure_burst_proofs_0
INSERT INTO work_login_failure_burst_proofs_0 (value, first)
SELECT cityHash64(user_name, source_ip) AS value,
min(toUnixTimestamp64Milli(timestamp)) AS first
FROM events
WHERE (category = {p0:String} AND event_action = {p1:String}) AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::') AND event_outcome = {p4:String} AND NOT (0)
GROUP BY value
-- p0 = "auth"
-- p1 = "login"
-- p2 = 1772409600000
-- p3 = 1772496000000
-- p4 = "success"

-- tallies
INSERT INTO work_login_failure_burst_tallies (e0, e1, start, first, last, events, failures_0, before_0, before_1, successes_0, strange_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, x0) AS failures_0,
groupArraySortedStateIf(10000)((toUnixTimestamp64Milli(timestamp), event_repeats), x0) AS before_0,
maxIf(toUnixTimestamp64Milli(timestamp), x1) AS before_1,
sumIf(event_repeats, x1) AS successes_0,
sumIf(event_repeats, x3 AND x0) AS strange_0
FROM (SELECT *,
toUInt8(work_login_failure_burst_proofs_0_first = 0 OR toUnixTimestamp64Milli(timestamp) <= work_login_failure_burst_proofs_0_first) AS x3
FROM (SELECT toString(user_name) AS e0, source_ip AS e1, timestamp, event_repeats,
toUInt8(event_outcome = {p1:String}) AS x0,
toUInt8(event_outcome = {p2:String}) AS x1,
toUInt64(cityHash64(user_name, source_ip)) AS x2
FROM events
WHERE (category = {p3:String} AND event_action = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::')) AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_login_failure_burst_proofs_0_value, first AS work_login_failure_burst_proofs_0_first
FROM work_login_failure_burst_proofs_0) AS work_login_failure_burst_proofs_0 ON x2 = work_login_failure_burst_proofs_0_value)
GROUP BY e0, e1, start
-- p0 = 600
-- p1 = "failure"
-- p2 = "success"
-- p3 = "auth"
-- p4 = "login"
-- p5 = 1772409600000
-- p6 = 1772496000000

-- windows of 10 minutes
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_failures, f_before, f_successes, f_strange
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(failures_0) AS f_failures,
toFloat64(arraySum(e -> e.2,
arrayFilter(e -> e.1 <= before_1,
finalizeAggregation(before_0)))) AS f_before,
toFloat64(successes_0) AS f_successes,
toFloat64(strange_0) AS f_strange
FROM work_login_failure_burst_tallies AS t
WHERE events >= {p1:Int64})
-- p0 = 600
-- p1 = 1
