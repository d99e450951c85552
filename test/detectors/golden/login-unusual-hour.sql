-- moments work_login_unusual_hour_moments_0
INSERT INTO work_login_unusual_hour_moments_0 (e0, at, surprise, before)
SELECT e0, at, surprise, before
FROM (SELECT e0, at,
greatest(0,
round(-log10(((arraySum(p -> (arrayElement([0.2800, 0.2000, 0.1000, 0.0400, 0.0200],
least(abs((slot - p) % 24), 24 - abs((slot - p) % 24)) + 1) * if(intDiv(slot, 24) % 7 = intDiv(p, 24) % 7, 0.500000, 0.083333)), hours_before) + {p0:Int64} * ((1 - 0.0500) * crowd_near / greatest(crowd_all, 1) + if(crowd_all = 0, 1, 0.0500) / {p1:Int64})) / (length(hours_before) + {p0:Int64})) * {p1:Int64}), 6)) AS surprise,
length(hours_before) AS before
FROM (SELECT *,
arrayDistinct(arrayFilter(p -> p < slot, gathered)) AS hours_before
FROM (SELECT s.*, gathered
FROM (SELECT toString(user_name) AS e0,
toString(user_name) AS who,
toInt64(intDiv(toUnixTimestamp64Milli(timestamp), 3600000)) AS slot,
toInt64(min(toUnixTimestamp64Milli(timestamp))) AS at,
max(0) AS apart
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String} AND event_outcome = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND user_name != '' AND 1 AND user_name != ''
GROUP BY e0, who, slot) AS s
GLOBAL ANY LEFT JOIN (SELECT who, slot,
groupArrayIf(slot, apart = 0) OVER (PARTITION BY who ORDER BY slot ROWS BETWEEN 200 PRECEDING AND 1 PRECEDING) AS gathered
FROM (SELECT who, slot,
max(apart) AS apart
FROM (SELECT toString(user_name) AS e0,
toString(user_name) AS who,
toInt64(intDiv(toUnixTimestamp64Milli(timestamp), 3600000)) AS slot,
toInt64(min(toUnixTimestamp64Milli(timestamp))) AS at,
max(0) AS apart
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String} AND event_outcome = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND user_name != '' AND 1 AND user_name != ''
GROUP BY e0, who, slot)
GROUP BY who, slot)) AS g USING (who, slot))) AS own
GLOBAL ANY LEFT JOIN (SELECT slot,
arraySum((p, seen) -> seen * (arrayElement([0.2800, 0.2000, 0.1000, 0.0400, 0.0200],
least(abs((slot - p) % 24), 24 - abs((slot - p) % 24)) + 1) * if(intDiv(slot, 24) % 7 = intDiv(p, 24) % 7, 0.500000, 0.083333)), all_past.1, all_past.2) AS crowd_near,
arraySum(all_past.2) AS crowd_all
FROM (SELECT slot,
groupArray((slot, seen)) OVER (ORDER BY slot ROWS BETWEEN 672 PRECEDING AND 1 PRECEDING) AS all_past
FROM (SELECT slot,
toUInt64(countIf(apart = 0)) AS seen
FROM (SELECT toString(user_name) AS e0,
toString(user_name) AS who,
toInt64(intDiv(toUnixTimestamp64Milli(timestamp), 3600000)) AS slot,
toInt64(min(toUnixTimestamp64Milli(timestamp))) AS at,
max(0) AS apart
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String} AND event_outcome = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND user_name != '' AND 1 AND user_name != ''
GROUP BY e0, who, slot)
GROUP BY slot))) AS crowd USING (slot))
-- p0 = 1
-- p1 = 168
-- p2 = "auth"
-- p3 = "login"
-- p4 = "success"
-- p5 = 1772409600000
-- p6 = 1772496000000

-- tallies
INSERT INTO work_login_unusual_hour_tallies (e0, start, first, last, events, logins_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS logins_0
FROM (SELECT toString(user_name) AS e0, timestamp, event_repeats
FROM events
WHERE (category = {p1:String} AND event_action = {p2:String} AND event_outcome = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND user_name != '')
GROUP BY e0, start
-- p0 = 86400
-- p1 = "auth"
-- p2 = "login"
-- p3 = "success"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_logins, f_surprise, f_before
FROM (SELECT w.*,
toFloat64(tupleElement(work_login_unusual_hour_moments_0_best, 1)) AS f_surprise,
toFloat64(tupleElement(work_login_unusual_hour_moments_0_best, 2)) AS f_before
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(logins_0) AS f_logins
FROM work_login_unusual_hour_tallies AS t
WHERE events >= {p1:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(fromUnixTimestamp64Milli(at, 'UTC'),
toIntervalSecond({p0:Int64}), 'UTC') AS window,
argMax((surprise, before, at), (surprise, -at, surprise, before)) AS work_login_unusual_hour_moments_0_best,
count() AS work_login_unusual_hour_moments_0_many
FROM work_login_unusual_hour_moments_0
GROUP BY e0, window) AS work_login_unusual_hour_moments_0 USING (e0, window))
-- p0 = 86400
-- p1 = 1
