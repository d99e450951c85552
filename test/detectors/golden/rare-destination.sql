-- value history work_rare_destination_values_0
INSERT INTO work_rare_destination_values_0 (value, e0, e1, first, entities, size)
SELECT cityHash64(destination_registered_domain) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_registered_domain))) AS e0,
argMin(toString(destination_registered_domain),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_registered_domain))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip,
toString(destination_registered_domain)) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND destination_registered_domain != '') AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_registered_domain != '' AND 1
GROUP BY value
-- p0 = "proxy"
-- p1 = 1772409600000
-- p2 = 1772496000000

-- value history work_rare_destination_values_1
INSERT INTO work_rare_destination_values_1 (value, e0, e1, first, entities, size)
SELECT cityHash64(destination_registered_domain) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_registered_domain))) AS e0,
argMin(toString(destination_registered_domain),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_registered_domain))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND destination_registered_domain != '') AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_registered_domain != '' AND 1
GROUP BY value
-- p0 = "proxy"
-- p1 = 1772409600000
-- p2 = 1772496000000

-- value history work_rare_destination_values_2
INSERT INTO work_rare_destination_values_2 (value, e0, e1, first, entities, size)
SELECT cityHash64(user_agent) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_registered_domain))) AS e0,
argMin(toString(destination_registered_domain),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(destination_registered_domain))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip,
toString(destination_registered_domain)) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND destination_registered_domain != '') AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_registered_domain != '' AND user_agent != ''
GROUP BY value
-- p0 = "proxy"
-- p1 = 1772409600000
-- p2 = 1772496000000

-- tallies
INSERT INTO work_rare_destination_tallies (e0, e1, start, first, last, events, requests_0, posts_0, sent_0, failed_0, oddPorts_0, programs_0, agents_0, rareAgent_0, uncategorised_0, uncategorised_1, noAgent_0, noAgent_1)
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
sumIf(event_repeats, x4) AS programs_0,
groupUniqArrayIf(x5, 1) AS agents_0,
maxIf(x6, x7) AS rareAgent_0,
countIf(x8) AS uncategorised_0,
count() AS uncategorised_1,
countIf(x9) AS noAgent_0,
count() AS noAgent_1
FROM (SELECT *,
toFloat64(round(log2(greatest((SELECT uniq(source_ip,
toString(destination_registered_domain))
FROM events
WHERE (category = {p1:String} AND destination_registered_domain != '') AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_registered_domain != ''), 1) / greatest(work_rare_destination_values_2_entities, 1)), 3)) AS x6
FROM (SELECT source_ip AS e0,
toString(destination_registered_domain) AS e1, timestamp, event_repeats,
toUInt8(http_request_method IN ({p4:String}, {p5:String})) AS x0,
toFloat64(source_bytes) AS x1,
toUInt8(event_outcome = {p6:String}) AS x2,
toUInt8(NOT (destination_port IN ({p7:Int64}, {p8:Int64}, {p9:Int64}))) AS x3,
toUInt8(match(http_response_mime_type, {p10:String})) AS x4,
toUInt64(cityHash64(user_agent)) AS x5,
toUInt8(user_agent != '') AS x7,
toUInt8((('' IN (SELECT value
FROM known_destinations
WHERE categorised = 1)) AND toString(trimRight(lower(toString(destination_address)), '.')) NOT IN (SELECT value
FROM known_destinations
WHERE categorised = 1))) AS x8,
toUInt8((user_agent = '' AND http_request_method IN ({p11:String}, {p4:String}))) AS x9
FROM events
WHERE (category = {p1:String} AND destination_registered_domain != '') AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_registered_domain != '') AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_rare_destination_values_2_value, entities AS work_rare_destination_values_2_entities
FROM work_rare_destination_values_2) AS work_rare_destination_values_2 ON x5 = work_rare_destination_values_2_value)
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "proxy"
-- p2 = 1772409600000
-- p3 = 1772496000000
-- p4 = "POST"
-- p5 = "PUT"
-- p6 = "failure"
-- p7 = 0
-- p8 = 80
-- p9 = 443
-- p10 = "x-dosexec|x-msdownload|x-msdos-program|x-ms-installer|java-archive|x-executable|x-sh$|hta$"
-- p11 = "GET"

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_requests, f_isNew, f_others, f_posts, f_sent, f_failed, f_oddPorts, f_programs, f_agents, f_rareAgent, f_uncategorised, f_noAgent
FROM (SELECT l.*,
toFloat64(firsts) AS f_isNew
FROM (SELECT w.*,
toFloat64(greatest(toFloat64(greatest(work_rare_destination_values_1_entities, 1) - 1), {p0:Float64})) AS f_others
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(requests_0) AS f_requests,
toFloat64(posts_0) AS f_posts,
toFloat64(sent_0) AS f_sent,
toFloat64(failed_0) AS f_failed,
toFloat64(oddPorts_0) AS f_oddPorts,
toFloat64(programs_0) AS f_programs,
toFloat64(length(agents_0)) AS f_agents,
toFloat64(rareAgent_0) AS f_rareAgent,
toFloat64(uncategorised_0 / uncategorised_1) AS f_uncategorised,
toFloat64(noAgent_0 / noAgent_1) AS f_noAgent
FROM work_rare_destination_tallies AS t
WHERE events >= {p2:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_rare_destination_values_1_value, entities AS work_rare_destination_values_1_entities, first AS work_rare_destination_values_1_first
FROM work_rare_destination_values_1) AS work_rare_destination_values_1 ON cityHash64(w.e1) = work_rare_destination_values_1_value) AS l
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(first,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_rare_destination_values_0
GROUP BY e0, e1, window) AS r USING (e0, e1, window))
-- p0 = 0
-- p1 = 86400
-- p2 = 1
