-- value history work_network_unanswered_values_0
INSERT INTO work_network_unanswered_values_0 (value, e0, e1, first, entities, size)
SELECT cityHash64(destination_address) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_address))) AS e0,
argMin(toString(destination_address),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_address))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND network_direction = {p1:String}) AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '' AND 1
GROUP BY value
-- p0 = "flow"
-- p1 = "outbound"
-- p2 = 1772409600000
-- p3 = 1772496000000

-- tallies
INSERT INTO work_network_unanswered_tallies (e0, e1, start, first, last, events, failures_0, answered_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, x0) AS failures_0,
sumIf(event_repeats, x1) AS answered_0
FROM (SELECT source_ip AS e0,
toString(destination_address) AS e1, timestamp, event_repeats,
toUInt8(event_outcome = {p1:String}) AS x0,
toUInt8(event_outcome = {p2:String}) AS x1
FROM events
WHERE (category = {p3:String} AND network_direction = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '')
GROUP BY e0, e1, start
-- p0 = 3600
-- p1 = "failure"
-- p2 = "success"
-- p3 = "flow"
-- p4 = "outbound"
-- p5 = 1772409600000
-- p6 = 1772496000000

-- windows of 1 hour
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_failures, f_answered, f_others
FROM (SELECT w.*,
toFloat64(greatest(toFloat64((greatest(work_network_unanswered_values_0_entities, 1) - 1) / greatest((SELECT uniq(source_ip)
FROM events
WHERE (category = {p0:String} AND network_direction = {p1:String}) AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '') - 1, 1)), {p4:Float64})) AS f_others
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p5:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(failures_0) AS f_failures,
toFloat64(answered_0) AS f_answered
FROM work_network_unanswered_tallies AS t
WHERE events >= {p6:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_network_unanswered_values_0_value, entities AS work_network_unanswered_values_0_entities, first AS work_network_unanswered_values_0_first
FROM work_network_unanswered_values_0) AS work_network_unanswered_values_0 ON cityHash64(w.e1) = work_network_unanswered_values_0_value)
-- p0 = "flow"
-- p1 = "outbound"
-- p2 = 1772409600000
-- p3 = 1772496000000
-- p4 = 0
-- p5 = 3600
-- p6 = 1

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_failures, f_answered, f_others
FROM (SELECT w.*,
toFloat64(greatest(toFloat64((greatest(work_network_unanswered_values_0_entities, 1) - 1) / greatest((SELECT uniq(source_ip)
FROM events
WHERE (category = {p0:String} AND network_direction = {p1:String}) AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '') - 1, 1)), {p4:Float64})) AS f_others
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p5:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(failures_0)) AS f_failures,
toFloat64(sum(answered_0)) AS f_answered
FROM work_network_unanswered_tallies AS t
GROUP BY e0, e1, window
HAVING events >= {p6:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_network_unanswered_values_0_value, entities AS work_network_unanswered_values_0_entities, first AS work_network_unanswered_values_0_first
FROM work_network_unanswered_values_0) AS work_network_unanswered_values_0 ON cityHash64(w.e1) = work_network_unanswered_values_0_value)
-- p0 = "flow"
-- p1 = "outbound"
-- p2 = 1772409600000
-- p3 = 1772496000000
-- p4 = 0
-- p5 = 86400
-- p6 = 1
