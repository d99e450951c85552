-- value history work_dns_rare_record_type_values_0
INSERT INTO work_dns_rare_record_type_values_0 (value, e0, e1, first, entities, size)
SELECT cityHash64(dns_question_type) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_type))) AS e0,
argMin(toString(dns_question_type),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_type))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip,
toString(dns_question_type)) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND dns_question_type != '') AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_type != '' AND 1
GROUP BY value
-- p0 = "dns"
-- p1 = 1772409600000
-- p2 = 1772496000000

-- value history work_dns_rare_record_type_values_1
INSERT INTO work_dns_rare_record_type_values_1 (value, e0, e1, first, entities, size)
SELECT cityHash64(dns_question_type) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_type))) AS e0,
argMin(toString(dns_question_type),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_type))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND dns_question_type != '') AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_type != '' AND 1
GROUP BY value
-- p0 = "dns"
-- p1 = 1772409600000
-- p2 = 1772496000000

-- tallies
INSERT INTO work_dns_rare_record_type_tallies (e0, e1, start, first, last, events, queries_0, names_0, ordinary_0, carriers_0, transfers_0, rare_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS queries_0,
groupUniqArrayIf(x0, 1) AS names_0,
sumIf(event_repeats, x1) AS ordinary_0,
sumIf(event_repeats, x2) AS carriers_0,
sumIf(event_repeats, x3) AS transfers_0,
maxIf(x5, 1) AS rare_0
FROM (SELECT *,
toFloat64(round(log2(greatest((SELECT uniq(source_ip,
toString(dns_question_type))
FROM events
WHERE (category = {p1:String} AND dns_question_type != '') AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_type != ''), 1) / greatest(work_dns_rare_record_type_values_0_entities, 1)), 3)) AS x5
FROM (SELECT source_ip AS e0,
toString(dns_question_type) AS e1, timestamp, event_repeats,
toUInt64(cityHash64(trimRight(lower(dns_question_name), '.'))) AS x0,
toUInt8(dns_question_type IN ({p4:String}, {p5:String}, {p6:String})) AS x1,
toUInt8(dns_question_type IN ({p7:String}, {p8:String}, {p9:String})) AS x2,
toUInt8(dns_question_type IN ({p10:String}, {p11:String})) AS x3,
toUInt64(cityHash64(dns_question_type)) AS x4
FROM events
WHERE (category = {p1:String} AND dns_question_type != '') AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_type != '') AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_dns_rare_record_type_values_0_value, entities AS work_dns_rare_record_type_values_0_entities
FROM work_dns_rare_record_type_values_0) AS work_dns_rare_record_type_values_0 ON x4 = work_dns_rare_record_type_values_0_value)
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "dns"
-- p2 = 1772409600000
-- p3 = 1772496000000
-- p4 = "A"
-- p5 = "AAAA"
-- p6 = "PTR"
-- p7 = "NULL"
-- p8 = "PRIVATE"
-- p9 = "TYPE65399"
-- p10 = "AXFR"
-- p11 = "IXFR"

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_queries, f_names, f_ordinary, f_carriers, f_transfers, f_rare, f_others
FROM (SELECT w.*,
toFloat64(greatest(toFloat64((greatest(work_dns_rare_record_type_values_1_entities, 1) - 1) / greatest((SELECT uniq(source_ip)
FROM events
WHERE (category = {p0:String} AND dns_question_type != '') AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_type != '') - 1, 1)), {p3:Float64})) AS f_others
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p4:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(queries_0) AS f_queries,
toFloat64(length(names_0)) AS f_names,
toFloat64(ordinary_0) AS f_ordinary,
toFloat64(carriers_0) AS f_carriers,
toFloat64(transfers_0) AS f_transfers,
toFloat64(rare_0) AS f_rare
FROM work_dns_rare_record_type_tallies AS t
WHERE events >= {p5:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_dns_rare_record_type_values_1_value, entities AS work_dns_rare_record_type_values_1_entities, first AS work_dns_rare_record_type_values_1_first
FROM work_dns_rare_record_type_values_1) AS work_dns_rare_record_type_values_1 ON cityHash64(w.e1) = work_dns_rare_record_type_values_1_value)
-- p0 = "dns"
-- p1 = 1772409600000
-- p2 = 1772496000000
-- p3 = 0
-- p4 = 86400
-- p5 = 1
