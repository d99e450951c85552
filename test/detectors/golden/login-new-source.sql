-- value history work_login_new_source_values_0
INSERT INTO work_login_new_source_values_0 (value, e0, e1, first, entities, size)
SELECT cityHash64(user_name, source_ip) AS value,
toString(user_name) AS e0, source_ip AS e1,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND event_action = {p1:String} AND event_outcome = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::') AND 1
GROUP BY value, e0, e1
-- p0 = "auth"
-- p1 = "login"
-- p2 = "success"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- value history work_login_new_source_values_1
INSERT INTO work_login_new_source_values_1 (value, e0, e1, first, entities, size)
SELECT cityHash64(source_ip) AS value,
argMin(toString(user_name),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(toString(user_name), source_ip)) AS e0,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(toString(user_name), source_ip)) AS e1,
min(timestamp) AS first,
uniqCombined(12)(toString(user_name)) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND event_action = {p1:String} AND event_outcome = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::') AND 1
GROUP BY value
-- p0 = "auth"
-- p1 = "login"
-- p2 = "success"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- tallies
INSERT INTO work_login_new_source_tallies (e0, e1, start, first, last, events, logins_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS logins_0
FROM (SELECT toString(user_name) AS e0, source_ip AS e1, timestamp, event_repeats
FROM events
WHERE (category = {p1:String} AND event_action = {p2:String} AND event_outcome = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::'))
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "auth"
-- p2 = "login"
-- p3 = "success"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_logins, f_isNew, f_seen, f_before, f_sources, f_others
FROM (SELECT *,
toFloat64(sum(f_logins) OVER (PARTITION BY e0, e1 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_seen,
toFloat64(sum(f_logins) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_before,
toFloat64(sum(f_isNew) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_sources
FROM (SELECT l.*,
toFloat64(firsts) AS f_isNew
FROM (SELECT w.*,
toFloat64(greatest(toFloat64((greatest(work_login_new_source_values_1_entities, 1) - 1) / greatest((SELECT uniq(toString(user_name))
FROM events
WHERE (category = {p0:String} AND event_action = {p1:String} AND event_outcome = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::')) - 1, 1)), {p5:Float64})) AS f_others
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p6:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(logins_0) AS f_logins
FROM work_login_new_source_tallies AS t
WHERE events >= {p7:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_login_new_source_values_1_value, entities AS work_login_new_source_values_1_entities, first AS work_login_new_source_values_1_first
FROM work_login_new_source_values_1) AS work_login_new_source_values_1 ON cityHash64(w.e1) = work_login_new_source_values_1_value) AS l
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(first,
toIntervalSecond({p6:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_login_new_source_values_0
GROUP BY e0, e1, window) AS r USING (e0, e1, window)))
-- p0 = "auth"
-- p1 = "login"
-- p2 = "success"
-- p3 = 1772409600000
-- p4 = 1772496000000
-- p5 = 0
-- p6 = 86400
-- p7 = 1
