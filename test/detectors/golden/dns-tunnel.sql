-- value history work_dns_tunnel_values_0
INSERT INTO work_dns_tunnel_values_0 (value, e0, e1, first, entities, size)
SELECT cityHash64(trimRight(lower(dns_question_name), '.')) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_registered_domain))) AS e0,
argMin(toString(dns_question_registered_domain),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_registered_domain))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip,
toString(dns_question_registered_domain)) AS entities,
toFloat64(max(intDiv(greatest(0,
toInt64(length(dns_question_name)) - toInt64(length(dns_question_registered_domain)) - 1) * greatest(0,
toInt64(length(dns_question_name)) - toInt64(length(dns_question_registered_domain)) - 1),
greatest(0,
toInt64(length(dns_question_name)) - toInt64(length(dns_question_registered_domain)) - 1) + {p0:Int64}))) AS size
FROM events
WHERE (category = {p1:String} AND NOT (match(dns_question_registered_domain, {p2:String}))) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_registered_domain != '' AND NOT (match(dns_question_name, {p5:String}))
GROUP BY value
-- p0 = 16
-- p1 = "dns"
-- p2 = "(^|[.])(in-addr|ip6)[.]arpa$"
-- p3 = 1772409600000
-- p4 = 1772496000000
-- p5 = "^([0-9]{1,3}[.]){4}|^([0-9a-f][.]){32}"

-- value history work_dns_tunnel_values_1
INSERT INTO work_dns_tunnel_values_1 (value, e0, e1, first, entities, size)
SELECT cityHash64(dns_question_registered_domain) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_registered_domain))) AS e0,
argMin(toString(dns_question_registered_domain),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_registered_domain))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND NOT (match(dns_question_registered_domain, {p1:String}))) AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_registered_domain != '' AND 1
GROUP BY value
-- p0 = "dns"
-- p1 = "(^|[.])(in-addr|ip6)[.]arpa$"
-- p2 = 1772409600000
-- p3 = 1772496000000

-- tallies
INSERT INTO work_dns_tunnel_tallies (e0, e1, start, first, last, events, queries_0, names_0, longest_0, oddTypes_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS queries_0,
groupUniqArrayIf(x0, 1) AS names_0,
maxIf(x1, 1) AS longest_0,
sumIf(event_repeats, x2) AS oddTypes_0
FROM (SELECT source_ip AS e0,
toString(dns_question_registered_domain) AS e1, timestamp, event_repeats,
toUInt64(cityHash64(trimRight(lower(dns_question_name), '.'))) AS x0,
toFloat64(greatest(0,
toInt64(length(dns_question_name)) - toInt64(length(dns_question_registered_domain)) - 1)) AS x1,
toUInt8(dns_question_type IN ({p1:String}, {p2:String}, {p3:String}, {p4:String}, {p5:String}, {p6:String}, {p7:String}, {p8:String})) AS x2
FROM events
WHERE (category = {p9:String} AND NOT (match(dns_question_registered_domain, {p10:String}))) AND timestamp >= fromUnixTimestamp64Milli({p11:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p12:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_registered_domain != '')
GROUP BY e0, e1, start
-- p0 = 3600
-- p1 = "TXT"
-- p2 = "NULL"
-- p3 = "PRIVATE"
-- p4 = "CNAME"
-- p5 = "MX"
-- p6 = "SRV"
-- p7 = "KEY"
-- p8 = "TYPE65399"
-- p9 = "dns"
-- p10 = "(^|[.])(in-addr|ip6)[.]arpa$"
-- p11 = 1772409600000
-- p12 = 1772496000000

-- windows of 1 hour
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_newBytes, f_queries, f_names, f_longest, f_oddTypes, f_clients
FROM (SELECT l.*,
toFloat64(firsts) AS f_newBytes
FROM (SELECT w.*,
toFloat64(greatest(toFloat64(greatest(work_dns_tunnel_values_1_entities, 1) - 1), {p0:Float64})) AS f_clients
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(queries_0) AS f_queries,
toFloat64(length(names_0)) AS f_names,
toFloat64(longest_0) AS f_longest,
toFloat64(oddTypes_0) AS f_oddTypes
FROM work_dns_tunnel_tallies AS t
WHERE events >= {p2:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_dns_tunnel_values_1_value, entities AS work_dns_tunnel_values_1_entities, first AS work_dns_tunnel_values_1_first
FROM work_dns_tunnel_values_1) AS work_dns_tunnel_values_1 ON cityHash64(w.e1) = work_dns_tunnel_values_1_value) AS l
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(first,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
sum(size) AS firsts
FROM work_dns_tunnel_values_0
GROUP BY e0, e1, window) AS r USING (e0, e1, window))
-- p0 = 0
-- p1 = 3600
-- p2 = 1

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_newBytes, f_queries, f_names, f_longest, f_oddTypes, f_clients
FROM (SELECT l.*,
toFloat64(firsts) AS f_newBytes
FROM (SELECT w.*,
toFloat64(greatest(toFloat64(greatest(work_dns_tunnel_values_1_entities, 1) - 1), {p0:Float64})) AS f_clients
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(queries_0)) AS f_queries,
toFloat64(length(groupUniqArrayArray(names_0))) AS f_names,
toFloat64(max(longest_0)) AS f_longest,
toFloat64(sum(oddTypes_0)) AS f_oddTypes
FROM work_dns_tunnel_tallies AS t
GROUP BY e0, e1, window
HAVING events >= {p2:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_dns_tunnel_values_1_value, entities AS work_dns_tunnel_values_1_entities, first AS work_dns_tunnel_values_1_first
FROM work_dns_tunnel_values_1) AS work_dns_tunnel_values_1 ON cityHash64(w.e1) = work_dns_tunnel_values_1_value) AS l
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(first,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
sum(size) AS firsts
FROM work_dns_tunnel_values_0
GROUP BY e0, e1, window) AS r USING (e0, e1, window))
-- p0 = 0
-- p1 = 86400
-- p2 = 1
