-- moments work_login_new_device_moments_0
INSERT INTO work_login_new_device_moments_0 (e0, e1, at, surprise, before, values, others)
SELECT e0, e1, at, surprise, before, values, others
FROM (SELECT tupleElement(at_first, 1) AS e0,
tupleElement(at_first, 2) AS e1, ms AS at,
if(values = 0, 0.,
round(-log10(least(1., (1 + 0.6 * values) / (before + 1))) - log10(least(1., (greatest(0,
toInt64(others) - 0.6) + (1 + 0.6 * kinds) / (kinds + 1)) / (pairs + 1))), 6) + 0) AS surprise, before, values, others
FROM (SELECT *,
sum(others = 0 AND taught = 1) OVER (ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS kinds
FROM (SELECT *,
tupleElement(at_first, 3) AS before,
sum(taught) OVER (PARTITION BY who ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS values,
sum(taught) OVER (PARTITION BY value ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS others,
sum(taught) OVER (ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS pairs
FROM (SELECT *
FROM (SELECT *, first_ms AS ms,
min(first_ms) OVER (PARTITION BY who, value) AS earliest
FROM (SELECT who, value, taught,
argMin((e0, e1, before), (ms, e0, e1)) AS at_first,
min(ms) AS first_ms
FROM (SELECT *,
sum(repeats * taught) OVER (PARTITION BY who ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
FROM (SELECT toString(user_name) AS e0,
toString(user_agent) AS e1,
toString(user_name) AS who,
replaceRegexpAll(toString(user_agent), '[0-9][0-9._]*', '') AS value,
toUnixTimestamp64Milli(timestamp) AS ms,
toUInt8(NOT (0)) AS taught, event_repeats AS repeats
FROM events
WHERE (category = {p0:String} AND event_action = {p1:String} AND event_outcome = {p2:String} AND user_agent != '') AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND user_name != '' AND user_agent != '' AND 1 AND user_name != '')
WHERE value != '')
GROUP BY who, value, taught))
WHERE taught = 1 OR ms = earliest))))
-- p0 = "auth"
-- p1 = "login"
-- p2 = "success"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- tallies
INSERT INTO work_login_new_device_tallies (e0, e1, start, first, last, events, logins_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS logins_0
FROM (SELECT toString(user_name) AS e0,
toString(user_agent) AS e1, timestamp, event_repeats
FROM events
WHERE (category = {p1:String} AND event_action = {p2:String} AND event_outcome = {p3:String} AND user_agent != '') AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND user_name != '' AND user_agent != '')
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "auth"
-- p2 = "login"
-- p3 = "success"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_logins, f_isNew, f_surprise, f_before, f_programs, f_others
FROM (SELECT w.*,
toFloat64(work_login_new_device_moments_0_many) AS f_isNew,
toFloat64(tupleElement(work_login_new_device_moments_0_best, 1)) AS f_surprise,
toFloat64(tupleElement(work_login_new_device_moments_0_best, 2)) AS f_before,
toFloat64(tupleElement(work_login_new_device_moments_0_best, 3)) AS f_programs,
toFloat64(tupleElement(work_login_new_device_moments_0_best, 4)) AS f_others
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(logins_0) AS f_logins
FROM work_login_new_device_tallies AS t
WHERE events >= {p1:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(fromUnixTimestamp64Milli(at, 'UTC'),
toIntervalSecond({p0:Int64}), 'UTC') AS window,
argMax((surprise, before, values, others, at), (surprise, -at, surprise, before, values, others)) AS work_login_new_device_moments_0_best,
count() AS work_login_new_device_moments_0_many
FROM work_login_new_device_moments_0
GROUP BY e0, e1, window) AS work_login_new_device_moments_0 USING (e0, e1, window))
-- p0 = 86400
-- p1 = 1
