-- value history work_network_upload_values_0
INSERT INTO work_network_upload_values_0 (value, e0, e1, first, entities, size)
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
WHERE (category IN ({p0:String}, {p1:String}) AND network_direction = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '' AND source_bytes >= {p5:Int64}
GROUP BY value
-- p0 = "flow"
-- p1 = "proxy"
-- p2 = "outbound"
-- p3 = 1772409600000
-- p4 = 1772496000000
-- p5 = 1000

-- tallies
INSERT INTO work_network_upload_tallies (e0, e1, start, first, last, events, sent_0, received_0, connections_0, others_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(x0, x1) AS sent_0,
sumIf(x2, 1) AS received_0,
sumIf(event_repeats, x1) AS connections_0,
maxIf(x4, x1) AS others_0
FROM (SELECT *,
toFloat64((greatest(work_network_upload_values_0_entities, 1) - 1) / greatest((SELECT uniq(source_ip)
FROM events
WHERE (category IN ({p1:String}, {p2:String}) AND network_direction = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '') - 1, 1)) AS x4
FROM (SELECT source_ip AS e0,
toString(destination_address) AS e1, timestamp, event_repeats,
toFloat64(source_bytes) AS x0,
toUInt8(source_bytes >= {p6:Int64}) AS x1,
toFloat64(destination_bytes) AS x2,
toUInt64(cityHash64(destination_address)) AS x3
FROM events
WHERE (category IN ({p1:String}, {p2:String}) AND network_direction = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '') AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_network_upload_values_0_value, entities AS work_network_upload_values_0_entities
FROM work_network_upload_values_0) AS work_network_upload_values_0 ON x3 = work_network_upload_values_0_value)
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "flow"
-- p2 = "proxy"
-- p3 = "outbound"
-- p4 = 1772409600000
-- p5 = 1772496000000
-- p6 = 1000

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_sent, f_received, f_connections, f_ever, f_fresh, f_returned, f_others
FROM (SELECT *,
toFloat64(if(f_ever = 0, 0, f_sent / f_ever)) AS f_fresh
FROM (SELECT *,
toFloat64(sum(f_sent) OVER (PARTITION BY e0, e1 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS f_ever,
toFloat64(if(f_sent = 0, 0, f_received / f_sent)) AS f_returned
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(sent_0) AS f_sent,
toFloat64(received_0) AS f_received,
toFloat64(connections_0) AS f_connections,
toFloat64(greatest(others_0, {p1:Float64})) AS f_others
FROM work_network_upload_tallies AS t
WHERE events >= {p2:Int64})))
-- p0 = 86400
-- p1 = 0
-- p2 = 1
