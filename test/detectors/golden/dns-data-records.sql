-- value history work_dns_data_records_values_0
INSERT INTO work_dns_data_records_values_0 (value, e0, e1, first, entities, size)
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
WHERE (category = {p0:String} AND dns_question_type IN ({p1:String}, {p2:String}, {p3:String}, {p4:String}, {p5:String}, {p6:String})) AND timestamp >= fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p8:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_registered_domain != '' AND 1
GROUP BY value
-- p0 = "dns"
-- p1 = "NULL"
-- p2 = "PRIVATE"
-- p3 = "TYPE65399"
-- p4 = "query-65399"
-- p5 = "type=65399"
-- p6 = "65399"
-- p7 = 1772409600000
-- p8 = 1772496000000

-- tallies
INSERT INTO work_dns_data_records_tallies (e0, e1, start, first, last, events, queries_0, names_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS queries_0,
groupUniqArrayIf(x0, 1) AS names_0
FROM (SELECT source_ip AS e0,
toString(dns_question_registered_domain) AS e1, timestamp, event_repeats,
toUInt64(cityHash64(trimRight(lower(dns_question_name), '.'))) AS x0
FROM events
WHERE (category = {p1:String} AND dns_question_type IN ({p2:String}, {p3:String}, {p4:String}, {p5:String}, {p6:String}, {p7:String})) AND timestamp >= fromUnixTimestamp64Milli({p8:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p9:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_registered_domain != '')
GROUP BY e0, e1, start
-- p0 = 3600
-- p1 = "dns"
-- p2 = "NULL"
-- p3 = "PRIVATE"
-- p4 = "TYPE65399"
-- p5 = "query-65399"
-- p6 = "type=65399"
-- p7 = "65399"
-- p8 = 1772409600000
-- p9 = 1772496000000

-- windows of 1 hour
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_queries, f_names, f_clients
FROM (SELECT w.*,
toFloat64(greatest(toFloat64(greatest(work_dns_data_records_values_0_entities, 1) - 1), {p0:Float64})) AS f_clients
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(queries_0) AS f_queries,
toFloat64(length(names_0)) AS f_names
FROM work_dns_data_records_tallies AS t
WHERE events >= {p2:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_dns_data_records_values_0_value, entities AS work_dns_data_records_values_0_entities, first AS work_dns_data_records_values_0_first
FROM work_dns_data_records_values_0) AS work_dns_data_records_values_0 ON cityHash64(w.e1) = work_dns_data_records_values_0_value)
-- p0 = 0
-- p1 = 3600
-- p2 = 1
