-- moments work_login_takeover_moments_0
INSERT INTO work_login_takeover_moments_0 (e0, e1, at, surprise, before, values, others)
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
FROM (SELECT toString(user_name) AS e0, source_ip AS e1,
toString(user_name) AS who,
multiIf(source_as_number > 0,
concat('AS',
toString(source_as_number)), place_provider != '', place_provider, place_site) AS value,
toUnixTimestamp64Milli(timestamp) AS ms,
toUInt8(NOT (0)) AS taught, event_repeats AS repeats
FROM events
GLOBAL ANY LEFT JOIN (SELECT address AS place_address, site AS place_site, provider AS place_provider, country AS place_country, latitude AS place_latitude, longitude AS place_longitude
FROM known_places) AS places ON source_ip = place_address
WHERE (category = {p0:String} AND event_action = {p1:String} AND event_outcome = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::') AND 1 AND user_name != '')
WHERE value != '')
GROUP BY who, value, taught))
WHERE taught = 1 OR ms = earliest))))
-- p0 = "auth"
-- p1 = "login"
-- p2 = "success"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- moments work_login_takeover_moments_1
INSERT INTO work_login_takeover_moments_1 (e0, e1, at, surprise, before, values, others)
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
FROM (SELECT toString(user_name) AS e0, source_ip AS e1,
toString(user_name) AS who,
if(source_geo_country_iso_code != '',
toString(source_geo_country_iso_code), place_country) AS value,
toUnixTimestamp64Milli(timestamp) AS ms,
toUInt8(NOT (0)) AS taught, event_repeats AS repeats
FROM events
GLOBAL ANY LEFT JOIN (SELECT address AS place_address, site AS place_site, provider AS place_provider, country AS place_country, latitude AS place_latitude, longitude AS place_longitude
FROM known_places) AS places ON source_ip = place_address
WHERE (category = {p0:String} AND event_action = {p1:String} AND event_outcome = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::') AND 1 AND user_name != '')
WHERE value != '')
GROUP BY who, value, taught))
WHERE taught = 1 OR ms = earliest))))
-- p0 = "auth"
-- p1 = "login"
-- p2 = "success"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- moments work_login_takeover_moments_2
INSERT INTO work_login_takeover_moments_2 (e0, e1, at, surprise, before, values, others)
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
FROM (SELECT toString(user_name) AS e0, source_ip AS e1,
toString(user_name) AS who,
replaceRegexpAll(toString(user_agent), '[0-9][0-9._]*', '') AS value,
toUnixTimestamp64Milli(timestamp) AS ms,
toUInt8(NOT (0)) AS taught, event_repeats AS repeats
FROM events
WHERE (category = {p0:String} AND event_action = {p1:String} AND event_outcome = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::') AND 1 AND user_name != '')
WHERE value != '')
GROUP BY who, value, taught))
WHERE taught = 1 OR ms = earliest))))
-- p0 = "auth"
-- p1 = "login"
-- p2 = "success"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- moments work_login_takeover_moments_3
INSERT INTO work_login_takeover_moments_3 (e0, e1, at, surprise, before)
SELECT e0, e1, at, surprise, before
FROM (SELECT e0, e1, at,
greatest(0,
round(-log10(((arraySum(p -> (arrayElement([0.2800, 0.2000, 0.1000, 0.0400, 0.0200],
least(abs((slot - p) % 24), 24 - abs((slot - p) % 24)) + 1) * if(intDiv(slot, 24) % 7 = intDiv(p, 24) % 7, 0.500000, 0.083333)), hours_before) + {p0:Int64} * ((1 - 0.0500) * crowd_near / greatest(crowd_all, 1) + if(crowd_all = 0, 1, 0.0500) / {p1:Int64})) / (length(hours_before) + {p0:Int64})) * {p1:Int64}), 6)) AS surprise,
length(hours_before) AS before
FROM (SELECT *,
arrayDistinct(arrayFilter(p -> p < slot, gathered)) AS hours_before
FROM (SELECT s.*, gathered
FROM (SELECT toString(user_name) AS e0, source_ip AS e1,
toString(user_name) AS who,
toInt64(intDiv(toUnixTimestamp64Milli(timestamp), 3600000)) AS slot,
toInt64(min(toUnixTimestamp64Milli(timestamp))) AS at,
max(0) AS apart
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String} AND event_outcome = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::') AND 1 AND user_name != ''
GROUP BY e0, e1, who, slot) AS s
GLOBAL ANY LEFT JOIN (SELECT who, slot,
groupArrayIf(slot, apart = 0) OVER (PARTITION BY who ORDER BY slot ROWS BETWEEN 200 PRECEDING AND 1 PRECEDING) AS gathered
FROM (SELECT who, slot,
max(apart) AS apart
FROM (SELECT toString(user_name) AS e0, source_ip AS e1,
toString(user_name) AS who,
toInt64(intDiv(toUnixTimestamp64Milli(timestamp), 3600000)) AS slot,
toInt64(min(toUnixTimestamp64Milli(timestamp))) AS at,
max(0) AS apart
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String} AND event_outcome = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::') AND 1 AND user_name != ''
GROUP BY e0, e1, who, slot)
GROUP BY who, slot)) AS g USING (who, slot))) AS own
GLOBAL ANY LEFT JOIN (SELECT slot,
arraySum((p, seen) -> seen * (arrayElement([0.2800, 0.2000, 0.1000, 0.0400, 0.0200],
least(abs((slot - p) % 24), 24 - abs((slot - p) % 24)) + 1) * if(intDiv(slot, 24) % 7 = intDiv(p, 24) % 7, 0.500000, 0.083333)), all_past.1, all_past.2) AS crowd_near,
arraySum(all_past.2) AS crowd_all
FROM (SELECT slot,
groupArray((slot, seen)) OVER (ORDER BY slot ROWS BETWEEN 672 PRECEDING AND 1 PRECEDING) AS all_past
FROM (SELECT slot,
toUInt64(countIf(apart = 0)) AS seen
FROM (SELECT toString(user_name) AS e0, source_ip AS e1,
toString(user_name) AS who,
toInt64(intDiv(toUnixTimestamp64Milli(timestamp), 3600000)) AS slot,
toInt64(min(toUnixTimestamp64Milli(timestamp))) AS at,
max(0) AS apart
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String} AND event_outcome = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND user_name != '' AND source_ip != toIPv6('::') AND 1 AND user_name != ''
GROUP BY e0, e1, who, slot)
GROUP BY slot))) AS crowd USING (slot))
-- p0 = 1
-- p1 = 168
-- p2 = "auth"
-- p3 = "login"
-- p4 = "success"
-- p5 = 1772409600000
-- p6 = 1772496000000

-- tallies
INSERT INTO work_login_takeover_tallies (e0, e1, start, first, last, events, logins_0)
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
toUInt64(events) AS events, f_logins, f_network, f_country, f_program, f_hour, f_before
FROM (SELECT w.*,
toFloat64(tupleElement(work_login_takeover_moments_3_best, 1)) AS f_hour
FROM (SELECT w.*,
toFloat64(tupleElement(work_login_takeover_moments_2_best, 1)) AS f_program
FROM (SELECT w.*,
toFloat64(tupleElement(work_login_takeover_moments_1_best, 1)) AS f_country
FROM (SELECT w.*,
toFloat64(tupleElement(work_login_takeover_moments_0_best, 1)) AS f_network,
toFloat64(tupleElement(work_login_takeover_moments_0_best, 2)) AS f_before
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(logins_0) AS f_logins
FROM work_login_takeover_tallies AS t
WHERE events >= {p1:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(fromUnixTimestamp64Milli(at, 'UTC'),
toIntervalSecond({p0:Int64}), 'UTC') AS window,
argMax((surprise, before, values, others, at), (surprise, -at, surprise, before, values, others)) AS work_login_takeover_moments_0_best,
count() AS work_login_takeover_moments_0_many
FROM work_login_takeover_moments_0
GROUP BY e0, e1, window) AS work_login_takeover_moments_0 USING (e0, e1, window)) AS w
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(fromUnixTimestamp64Milli(at, 'UTC'),
toIntervalSecond({p0:Int64}), 'UTC') AS window,
argMax((surprise, before, values, others, at), (surprise, -at, surprise, before, values, others)) AS work_login_takeover_moments_1_best,
count() AS work_login_takeover_moments_1_many
FROM work_login_takeover_moments_1
GROUP BY e0, e1, window) AS work_login_takeover_moments_1 USING (e0, e1, window)) AS w
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(fromUnixTimestamp64Milli(at, 'UTC'),
toIntervalSecond({p0:Int64}), 'UTC') AS window,
argMax((surprise, before, values, others, at), (surprise, -at, surprise, before, values, others)) AS work_login_takeover_moments_2_best,
count() AS work_login_takeover_moments_2_many
FROM work_login_takeover_moments_2
GROUP BY e0, e1, window) AS work_login_takeover_moments_2 USING (e0, e1, window)) AS w
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(fromUnixTimestamp64Milli(at, 'UTC'),
toIntervalSecond({p0:Int64}), 'UTC') AS window,
argMax((surprise, before, at), (surprise, -at, surprise, before)) AS work_login_takeover_moments_3_best,
count() AS work_login_takeover_moments_3_many
FROM work_login_takeover_moments_3
GROUP BY e0, e1, window) AS work_login_takeover_moments_3 USING (e0, e1, window))
-- p0 = 86400
-- p1 = 1
