-- value history work_bare_address_values_0
INSERT INTO work_bare_address_values_0 (value, e0, e1, first, entities, size)
SELECT cityHash64(destination_ip) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip, destination_ip)) AS e0,
argMin(destination_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip, destination_ip)) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND destination_domain = '' AND destination_ip != toIPv6('::') AND NOT (network_direction IN ({p1:String}, {p2:String}))) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_ip != toIPv6('::') AND 1
GROUP BY value
-- p0 = "proxy"
-- p1 = "internal"
-- p2 = "inbound"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- tallies
INSERT INTO work_bare_address_tallies (e0, e1, start, first, last, events, requests_0, posts_0, sent_0, failed_0, oddPorts_0, paths_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS requests_0,
sumIf(event_repeats, x0) AS posts_0,
sumIf(x1, 1) AS sent_0,
sumIf(event_repeats, x2) AS failed_0,
sumIf(event_repeats, x3) AS oddPorts_0,
groupUniqArrayIf(x4, 1) AS paths_0
FROM (SELECT source_ip AS e0, destination_ip AS e1, timestamp, event_repeats,
toUInt8(http_request_method IN ({p1:String}, {p2:String})) AS x0,
toFloat64(source_bytes) AS x1,
toUInt8(event_outcome = {p3:String}) AS x2,
toUInt8(NOT (destination_port IN ({p4:Int64}, {p5:Int64}, {p6:Int64}))) AS x3,
toUInt64(cityHash64(url_path)) AS x4
FROM events
WHERE (category = {p7:String} AND destination_domain = '' AND destination_ip != toIPv6('::') AND NOT (network_direction IN ({p8:String}, {p9:String}))) AND timestamp >= fromUnixTimestamp64Milli({p10:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p11:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_ip != toIPv6('::'))
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "POST"
-- p2 = "PUT"
-- p3 = "failure"
-- p4 = 0
-- p5 = 80
-- p6 = 443
-- p7 = "proxy"
-- p8 = "internal"
-- p9 = "inbound"
-- p10 = 1772409600000
-- p11 = 1772496000000

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_requests, f_posts, f_sent, f_failed, f_oddPorts, f_paths, f_others
FROM (SELECT w.*,
toFloat64(greatest(toFloat64((greatest(work_bare_address_values_0_entities, 1) - 1) / greatest((SELECT uniq(source_ip)
FROM events
WHERE (category = {p0:String} AND destination_domain = '' AND destination_ip != toIPv6('::') AND NOT (network_direction IN ({p1:String}, {p2:String}))) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_ip != toIPv6('::')) - 1, 1)), {p5:Float64})) AS f_others
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p6:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(requests_0) AS f_requests,
toFloat64(posts_0) AS f_posts,
toFloat64(sent_0) AS f_sent,
toFloat64(failed_0) AS f_failed,
toFloat64(oddPorts_0) AS f_oddPorts,
toFloat64(length(paths_0)) AS f_paths
FROM work_bare_address_tallies AS t
WHERE events >= {p7:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_bare_address_values_0_value, entities AS work_bare_address_values_0_entities, first AS work_bare_address_values_0_first
FROM work_bare_address_values_0) AS work_bare_address_values_0 ON cityHash64(w.e1) = work_bare_address_values_0_value)
-- p0 = "proxy"
-- p1 = "internal"
-- p2 = "inbound"
-- p3 = 1772409600000
-- p4 = 1772496000000
-- p5 = 0
-- p6 = 86400
-- p7 = 1
