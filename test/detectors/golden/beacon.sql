-- value history work_beacon_values_0
INSERT INTO work_beacon_values_0 (value, e0, e1, first, entities, size)
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
WHERE (category IN ({p0:String}, {p1:String}) AND ((category = {p0:String} AND NOT (network_direction = {p2:String})) OR (category = {p1:String} AND network_direction = {p3:String} AND NOT (network_protocol IN ({p4:String}, {p5:String})) AND (NOT (network_transport = {p6:String}) OR NOT (destination_port IN ({p7:Int64}, {p8:Int64})))))) AND timestamp >= fromUnixTimestamp64Milli({p9:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p10:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '' AND 1
GROUP BY value
-- p0 = "proxy"
-- p1 = "flow"
-- p2 = "inbound"
-- p3 = "outbound"
-- p4 = "dns"
-- p5 = "ntp"
-- p6 = "udp"
-- p7 = 53
-- p8 = 123
-- p9 = 1772409600000
-- p10 = 1772496000000

-- tallies
INSERT INTO work_beacon_tallies (e0, e1, start, first, last, events, rhythm_0_events)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
groupArraySortedIf(2000)(x0, 1) AS rhythm_0_events
FROM (SELECT source_ip AS e0,
toString(destination_address) AS e1, timestamp, event_repeats,
toUInt64(bitOr(bitShiftLeft(toUInt64(greatest(0,
least(toUnixTimestamp64Milli(timestamp), 4398046511103))), 22),
least(toUInt64(source_bytes + destination_bytes), 4194303))) AS x0
FROM events
WHERE (category IN ({p1:String}, {p2:String}) AND ((category = {p1:String} AND NOT (network_direction = {p3:String})) OR (category = {p2:String} AND network_direction = {p4:String} AND NOT (network_protocol IN ({p5:String}, {p6:String})) AND (NOT (network_transport = {p7:String}) OR NOT (destination_port IN ({p8:Int64}, {p9:Int64})))))) AND timestamp >= fromUnixTimestamp64Milli({p10:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p11:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '')
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "proxy"
-- p2 = "flow"
-- p3 = "inbound"
-- p4 = "outbound"
-- p5 = "dns"
-- p6 = "ntp"
-- p7 = "udp"
-- p8 = 53
-- p9 = 123
-- p10 = 1772409600000
-- p11 = 1772496000000

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_checkIns, f_span, f_gap, f_size, f_regular, f_evidence, f_alike, f_hours, f_presence, f_others, f_otherClients, f_without, f_known, f_unknown
FROM (SELECT w.*,
toFloat64(greatest(toFloat64((greatest(work_beacon_values_0_entities, 1) - 1) / greatest((SELECT uniq(source_ip)
FROM events
WHERE (category IN ({p0:String}, {p1:String}) AND ((category = {p0:String} AND NOT (network_direction = {p2:String})) OR (category = {p1:String} AND network_direction = {p3:String} AND NOT (network_protocol IN ({p4:String}, {p5:String})) AND (NOT (network_transport = {p6:String}) OR NOT (destination_port IN ({p7:Int64}, {p8:Int64})))))) AND timestamp >= fromUnixTimestamp64Milli({p9:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p10:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '') - 1, 1)), {p11:Float64})) AS f_others,
toFloat64(greatest(toFloat64(greatest(work_beacon_values_0_entities, 1) - 1), {p11:Float64})) AS f_otherClients,
toFloat64(greatest(toFloat64(greatest(toInt64((SELECT uniq(source_ip)
FROM events
WHERE (category IN ({p0:String}, {p1:String}) AND ((category = {p0:String} AND NOT (network_direction = {p2:String})) OR (category = {p1:String} AND network_direction = {p3:String} AND NOT (network_protocol IN ({p4:String}, {p5:String})) AND (NOT (network_transport = {p6:String}) OR NOT (destination_port IN ({p7:Int64}, {p8:Int64})))))) AND timestamp >= fromUnixTimestamp64Milli({p9:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p10:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '')) - toInt64(greatest(work_beacon_values_0_entities, 1)), 0)), {p11:Float64})) AS f_without,
toFloat64(greatest(toUnixTimestamp64Milli(last) - toUnixTimestamp64Milli(work_beacon_values_0_first), 0) / 86400000) AS f_known,
toFloat64(greatest(toUnixTimestamp64Milli(work_beacon_values_0_first) - {p9:Int64}, 0) / 86400000) AS f_unknown
FROM (SELECT *,
toFloat64(length(rhythm_0_times)) AS f_checkIns,
toFloat64((rhythm_0_times[-1] - rhythm_0_times[1]) / 1000) AS f_span,
toFloat64(rhythm_0_gap / 1000) AS f_gap,
toFloat64(if(rhythm_0_size >= 4194303, 0, rhythm_0_size)) AS f_size,
toFloat64(arrayCount(x -> x BETWEEN 0.4 AND 1.6, rhythm_0_ratios) / greatest(length(rhythm_0_ratios), 1)) AS f_regular,
toFloat64(if(length(rhythm_0_ratios) < 2, 0,
greatest(0,
round(greatest(arraySum(x -> log10(if(abs(x - 1) <= 0.1, 6.852801444 * exp2(x), 0.) + 0.05), rhythm_0_ratios) - 1.138479630,
arraySum(x -> log10(if(abs(x - 1) <= 0.25, 2.741120578 * exp2(x), 0.) + 0.05), rhythm_0_ratios) - 0.742901103,
arraySum(x -> log10(if(abs(x - 1) <= 0.5, 1.370560289 * exp2(x), 0.) + 0.05), rhythm_0_ratios) - 0.445778599,
arraySum(x -> log10(if(abs(x - 1) <= 0.85, 0.806211935 * exp2(x), 0.) + 0.05), rhythm_0_ratios) - 0.220741766) - 0.602059991, 6)))) AS f_evidence,
toFloat64(if(rhythm_0_size = 0 OR rhythm_0_size >= 4194303, 0,
arrayCount(b -> abs(b - rhythm_0_size) * 20 <= rhythm_0_size, rhythm_0_sizes) / greatest(length(rhythm_0_times), 1))) AS f_alike,
toFloat64(length(arrayDistinct(rhythm_0_hour))) AS f_hours,
toFloat64(length(arrayDistinct(rhythm_0_bin)) / (intDiv((rhythm_0_times[-1] - rhythm_0_times[1]),
greatest(3600000, 2 * rhythm_0_gap)) + 1)) AS f_presence
FROM (SELECT *,
arrayMap(g -> least(g / greatest(rhythm_0_gap, 1), 100.), rhythm_0_gaps) AS rhythm_0_ratios,
arrayMap(t -> intDiv(t - rhythm_0_times[1],
greatest(3600000, 2 * rhythm_0_gap)), rhythm_0_times) AS rhythm_0_bin,
arrayMap(t -> intDiv(t - rhythm_0_times[1], 3600000), rhythm_0_times) AS rhythm_0_hour
FROM (SELECT *,
toInt64(arraySort(rhythm_0_gaps)[greatest(1,
intDiv(length(arraySort(rhythm_0_gaps)) + 1, 2))]) AS rhythm_0_gap
FROM (SELECT *,
arrayPopFront(arrayDifference(rhythm_0_times)) AS rhythm_0_gaps,
toInt64(arraySort(rhythm_0_sizes)[greatest(1,
intDiv(length(arraySort(rhythm_0_sizes)) + 1, 2))]) AS rhythm_0_size
FROM (SELECT *,
arrayFilter((t, e) -> e, rhythm_0_at,
arrayResize(arrayPushFront(rhythm_0_ends, 1),
length(rhythm_0_at))) AS rhythm_0_times,
arrayPopFront(arrayDifference(arrayPushFront(arrayFilter((b, e) -> e,
arrayCumSum(rhythm_0_bytes),
arrayResize(rhythm_0_ends,
length(rhythm_0_at))), 0))) AS rhythm_0_sizes
FROM (SELECT *,
arrayPushBack(arrayMap(d -> d > 2000,
arrayPopFront(arrayDifference(rhythm_0_at))), 1) AS rhythm_0_ends
FROM (SELECT *,
arrayMap(e -> toInt64(bitShiftRight(e, 22)), rhythm_0_events) AS rhythm_0_at,
arrayMap(e -> bitAnd(e, 4194303), rhythm_0_events) AS rhythm_0_bytes
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p12:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events, t.rhythm_0_events AS rhythm_0_events
FROM work_beacon_tallies AS t
WHERE events >= {p13:Int64})))))))) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_beacon_values_0_value, entities AS work_beacon_values_0_entities, first AS work_beacon_values_0_first
FROM work_beacon_values_0) AS work_beacon_values_0 ON cityHash64(w.e1) = work_beacon_values_0_value)
-- p0 = "proxy"
-- p1 = "flow"
-- p2 = "inbound"
-- p3 = "outbound"
-- p4 = "dns"
-- p5 = "ntp"
-- p6 = "udp"
-- p7 = 53
-- p8 = 123
-- p9 = 1772409600000
-- p10 = 1772496000000
-- p11 = 0
-- p12 = 86400
-- p13 = 6

-- windows of 28 days
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_checkIns, f_span, f_gap, f_size, f_regular, f_evidence, f_alike, f_hours, f_presence, f_others, f_otherClients, f_without, f_known, f_unknown
FROM (SELECT w.*,
toFloat64(greatest(toFloat64((greatest(work_beacon_values_0_entities, 1) - 1) / greatest((SELECT uniq(source_ip)
FROM events
WHERE (category IN ({p0:String}, {p1:String}) AND ((category = {p0:String} AND NOT (network_direction = {p2:String})) OR (category = {p1:String} AND network_direction = {p3:String} AND NOT (network_protocol IN ({p4:String}, {p5:String})) AND (NOT (network_transport = {p6:String}) OR NOT (destination_port IN ({p7:Int64}, {p8:Int64})))))) AND timestamp >= fromUnixTimestamp64Milli({p9:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p10:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '') - 1, 1)), {p11:Float64})) AS f_others,
toFloat64(greatest(toFloat64(greatest(work_beacon_values_0_entities, 1) - 1), {p11:Float64})) AS f_otherClients,
toFloat64(greatest(toFloat64(greatest(toInt64((SELECT uniq(source_ip)
FROM events
WHERE (category IN ({p0:String}, {p1:String}) AND ((category = {p0:String} AND NOT (network_direction = {p2:String})) OR (category = {p1:String} AND network_direction = {p3:String} AND NOT (network_protocol IN ({p4:String}, {p5:String})) AND (NOT (network_transport = {p6:String}) OR NOT (destination_port IN ({p7:Int64}, {p8:Int64})))))) AND timestamp >= fromUnixTimestamp64Milli({p9:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p10:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != '')) - toInt64(greatest(work_beacon_values_0_entities, 1)), 0)), {p11:Float64})) AS f_without,
toFloat64(greatest(toUnixTimestamp64Milli(last) - toUnixTimestamp64Milli(work_beacon_values_0_first), 0) / 86400000) AS f_known,
toFloat64(greatest(toUnixTimestamp64Milli(work_beacon_values_0_first) - {p9:Int64}, 0) / 86400000) AS f_unknown
FROM (SELECT *,
toFloat64(length(rhythm_0_times)) AS f_checkIns,
toFloat64((rhythm_0_times[-1] - rhythm_0_times[1]) / 1000) AS f_span,
toFloat64(rhythm_0_gap / 1000) AS f_gap,
toFloat64(if(rhythm_0_size >= 4194303, 0, rhythm_0_size)) AS f_size,
toFloat64(arrayCount(x -> x BETWEEN 0.4 AND 1.6, rhythm_0_ratios) / greatest(length(rhythm_0_ratios), 1)) AS f_regular,
toFloat64(if(length(rhythm_0_ratios) < 2, 0,
greatest(0,
round(greatest(arraySum(x -> log10(if(abs(x - 1) <= 0.1, 6.852801444 * exp2(x), 0.) + 0.05), rhythm_0_ratios) - 1.138479630,
arraySum(x -> log10(if(abs(x - 1) <= 0.25, 2.741120578 * exp2(x), 0.) + 0.05), rhythm_0_ratios) - 0.742901103,
arraySum(x -> log10(if(abs(x - 1) <= 0.5, 1.370560289 * exp2(x), 0.) + 0.05), rhythm_0_ratios) - 0.445778599,
arraySum(x -> log10(if(abs(x - 1) <= 0.85, 0.806211935 * exp2(x), 0.) + 0.05), rhythm_0_ratios) - 0.220741766) - 0.602059991, 6)))) AS f_evidence,
toFloat64(if(rhythm_0_size = 0 OR rhythm_0_size >= 4194303, 0,
arrayCount(b -> abs(b - rhythm_0_size) * 20 <= rhythm_0_size, rhythm_0_sizes) / greatest(length(rhythm_0_times), 1))) AS f_alike,
toFloat64(length(arrayDistinct(rhythm_0_hour))) AS f_hours,
toFloat64(length(arrayDistinct(rhythm_0_bin)) / (intDiv((rhythm_0_times[-1] - rhythm_0_times[1]),
greatest(3600000, 2 * rhythm_0_gap)) + 1)) AS f_presence
FROM (SELECT *,
arrayMap(g -> least(g / greatest(rhythm_0_gap, 1), 100.), rhythm_0_gaps) AS rhythm_0_ratios,
arrayMap(t -> intDiv(t - rhythm_0_times[1],
greatest(3600000, 2 * rhythm_0_gap)), rhythm_0_times) AS rhythm_0_bin,
arrayMap(t -> intDiv(t - rhythm_0_times[1], 3600000), rhythm_0_times) AS rhythm_0_hour
FROM (SELECT *,
toInt64(arraySort(rhythm_0_gaps)[greatest(1,
intDiv(length(arraySort(rhythm_0_gaps)) + 1, 2))]) AS rhythm_0_gap
FROM (SELECT *,
arrayPopFront(arrayDifference(rhythm_0_times)) AS rhythm_0_gaps,
toInt64(arraySort(rhythm_0_sizes)[greatest(1,
intDiv(length(arraySort(rhythm_0_sizes)) + 1, 2))]) AS rhythm_0_size
FROM (SELECT *,
arrayFilter((t, e) -> e, rhythm_0_at,
arrayResize(arrayPushFront(rhythm_0_ends, 1),
length(rhythm_0_at))) AS rhythm_0_times,
arrayPopFront(arrayDifference(arrayPushFront(arrayFilter((b, e) -> e,
arrayCumSum(rhythm_0_bytes),
arrayResize(rhythm_0_ends,
length(rhythm_0_at))), 0))) AS rhythm_0_sizes
FROM (SELECT *,
arrayPushBack(arrayMap(d -> d > 2000,
arrayPopFront(arrayDifference(rhythm_0_at))), 1) AS rhythm_0_ends
FROM (SELECT *,
arrayMap(e -> toInt64(bitShiftRight(e, 22)), rhythm_0_events) AS rhythm_0_at,
arrayMap(e -> bitAnd(e, 4194303), rhythm_0_events) AS rhythm_0_bytes
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p12:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
groupArraySortedArray(2000)(t.rhythm_0_events) AS rhythm_0_events
FROM work_beacon_tallies AS t
GROUP BY e0, e1, window
HAVING events >= {p13:Int64})))))))) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_beacon_values_0_value, entities AS work_beacon_values_0_entities, first AS work_beacon_values_0_first
FROM work_beacon_values_0) AS work_beacon_values_0 ON cityHash64(w.e1) = work_beacon_values_0_value)
-- p0 = "proxy"
-- p1 = "flow"
-- p2 = "inbound"
-- p3 = "outbound"
-- p4 = "dns"
-- p5 = "ntp"
-- p6 = "udp"
-- p7 = 53
-- p8 = 123
-- p9 = 1772409600000
-- p10 = 1772496000000
-- p11 = 0
-- p12 = 2419200
-- p13 = 6
