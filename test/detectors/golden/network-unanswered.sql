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
WHERE (category = {p0:String} AND network_direction = {p1:String} AND event_outcome = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '' AND 1
GROUP BY value
-- p0 = "flow"
-- p1 = "outbound"
-- p2 = "failure"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- tallies
INSERT INTO work_network_unanswered_tallies (e0, e1, start, first, last, events, failures_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS failures_0
FROM (SELECT source_ip AS e0,
toString(destination_address) AS e1, timestamp, event_repeats
FROM events
WHERE (category = {p1:String} AND network_direction = {p2:String} AND event_outcome = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '')
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "flow"
-- p2 = "outbound"
-- p3 = "failure"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_failures, f_answered, f_others
FROM (SELECT l.*,
toFloat64(matching) AS f_answered
FROM (SELECT w.*,
toFloat64(greatest(toFloat64((greatest(work_network_unanswered_values_0_entities, 1) - 1) / greatest((SELECT uniq(source_ip)
FROM events
WHERE (category = {p0:String} AND network_direction = {p1:String} AND event_outcome = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '') - 1, 1)), {p5:Float64})) AS f_others
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p6:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(failures_0) AS f_failures
FROM work_network_unanswered_tallies AS t
WHERE events >= {p7:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_network_unanswered_values_0_value, entities AS work_network_unanswered_values_0_entities, first AS work_network_unanswered_values_0_first
FROM work_network_unanswered_values_0) AS work_network_unanswered_values_0 ON cityHash64(w.e1) = work_network_unanswered_values_0_value) AS l
GLOBAL ANY LEFT JOIN (SELECT source_ip AS e0,
toString(destination_address) AS e1,
sum(event_repeats) AS matching
FROM events
WHERE (category = {p0:String} AND event_outcome = {p8:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '' AND (source_ip,
toString(destination_address))
GLOBAL IN (SELECT e0, e1
FROM work_network_unanswered_tallies)
GROUP BY e0, e1) AS r USING (e0, e1))
-- p0 = "flow"
-- p1 = "outbound"
-- p2 = "failure"
-- p3 = 1772409600000
-- p4 = 1772496000000
-- p5 = 0
-- p6 = 86400
-- p7 = 1
-- p8 = "success"
