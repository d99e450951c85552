-- value history work_network_new_port_values_0
INSERT INTO work_network_new_port_values_0 (value, e0, e1, first, entities, size)
SELECT cityHash64(source_ip, destination_port) AS value, source_ip AS e0,
toString(destination_port) AS e1,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND event_outcome = {p1:String} AND network_direction = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_port != 0 AND 1
GROUP BY value, e0, e1
-- p0 = "flow"
-- p1 = "success"
-- p2 = "outbound"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- value history work_network_new_port_values_1
INSERT INTO work_network_new_port_values_1 (value, e0, e1, first, entities, size)
SELECT cityHash64(destination_port) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_port))) AS e0,
argMin(toString(destination_port),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_port))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND event_outcome = {p1:String} AND network_direction = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_port != 0 AND 1
GROUP BY value
-- p0 = "flow"
-- p1 = "success"
-- p2 = "outbound"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- tallies
INSERT INTO work_network_new_port_tallies (e0, e1, start, first, last, events, connections_0, servers_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS connections_0,
groupUniqArrayIf(x0, 1) AS servers_0
FROM (SELECT source_ip AS e0,
toString(destination_port) AS e1, timestamp, event_repeats,
toUInt64(cityHash64(destination_ip)) AS x0
FROM events
WHERE (category = {p1:String} AND event_outcome = {p2:String} AND network_direction = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_port != 0)
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "flow"
-- p2 = "success"
-- p3 = "outbound"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_connections, f_servers, f_isNew, f_seen, f_before, f_ports, f_others
FROM (SELECT *,
toFloat64(sum(f_connections) OVER (PARTITION BY e0, e1 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_seen,
toFloat64(sum(f_connections) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_before,
toFloat64(sum(f_isNew) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_ports
FROM (SELECT l.*,
toFloat64(firsts) AS f_isNew
FROM (SELECT w.*,
toFloat64(greatest(toFloat64((greatest(work_network_new_port_values_1_entities, 1) - 1) / greatest((SELECT uniq(source_ip)
FROM events
WHERE (category = {p0:String} AND event_outcome = {p1:String} AND network_direction = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_port != 0) - 1, 1)), {p5:Float64})) AS f_others
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p6:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(connections_0) AS f_connections,
toFloat64(length(servers_0)) AS f_servers
FROM work_network_new_port_tallies AS t
WHERE events >= {p7:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_network_new_port_values_1_value, entities AS work_network_new_port_values_1_entities, first AS work_network_new_port_values_1_first
FROM work_network_new_port_values_1) AS work_network_new_port_values_1 ON cityHash64(toUInt16OrZero(w.e1)) = work_network_new_port_values_1_value) AS l
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(first,
toIntervalSecond({p6:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_network_new_port_values_0
GROUP BY e0, e1, window) AS r USING (e0, e1, window)))
-- p0 = "flow"
-- p1 = "success"
-- p2 = "outbound"
-- p3 = 1772409600000
-- p4 = 1772496000000
-- p5 = 0.02
-- p6 = 86400
-- p7 = 1
