-- value history work_host_daily_activity_values_0
INSERT INTO work_host_daily_activity_values_0 (value, e0, first, entities, size)
SELECT cityHash64(destination_address) AS value, source_ip AS e0,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category IN ({p0:String}, {p1:String}, {p2:String}, {p3:String}) AND (network_direction IN ({p4:String}, {p5:String}) OR arrayExists((first, last) -> source_ip >= first AND source_ip <= last,
CAST({p6:Array(String)}, 'Array(IPv6)'),
CAST({p7:Array(String)}, 'Array(IPv6)')) OR arrayExists((first, last) -> source_ip >= first AND source_ip <= last,
CAST({p8:Array(String)}, 'Array(IPv6)'),
CAST({p9:Array(String)}, 'Array(IPv6)')) OR arrayExists((first, last) -> source_ip >= first AND source_ip <= last,
CAST({p10:Array(String)}, 'Array(IPv6)'),
CAST({p11:Array(String)}, 'Array(IPv6)')))) AND timestamp >= fromUnixTimestamp64Milli({p12:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p13:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_address != ''
GROUP BY value, e0
-- p0 = "flow"
-- p1 = "proxy"
-- p2 = "dns"
-- p3 = "auth"
-- p4 = "outbound"
-- p5 = "internal"
-- p6 = ["0:0:0:0:0:ffff:a00:0"]
-- p7 = ["0:0:0:0:0:ffff:aff:ffff"]
-- p8 = ["0:0:0:0:0:ffff:ac10:0"]
-- p9 = ["0:0:0:0:0:ffff:ac1f:ffff"]
-- p10 = ["0:0:0:0:0:ffff:c0a8:0"]
-- p11 = ["0:0:0:0:0:ffff:c0a8:ffff"]
-- p12 = 1772409600000
-- p13 = 1772496000000

-- value history work_host_daily_activity_values_1
INSERT INTO work_host_daily_activity_values_1 (value, e0, first, entities, size)
SELECT cityHash64(destination_port) AS value, source_ip AS e0,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category IN ({p0:String}, {p1:String}, {p2:String}, {p3:String}) AND (network_direction IN ({p4:String}, {p5:String}) OR arrayExists((first, last) -> source_ip >= first AND source_ip <= last,
CAST({p6:Array(String)}, 'Array(IPv6)'),
CAST({p7:Array(String)}, 'Array(IPv6)')) OR arrayExists((first, last) -> source_ip >= first AND source_ip <= last,
CAST({p8:Array(String)}, 'Array(IPv6)'),
CAST({p9:Array(String)}, 'Array(IPv6)')) OR arrayExists((first, last) -> source_ip >= first AND source_ip <= last,
CAST({p10:Array(String)}, 'Array(IPv6)'),
CAST({p11:Array(String)}, 'Array(IPv6)')))) AND timestamp >= fromUnixTimestamp64Milli({p12:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p13:Int64}, 'UTC') AND source_ip != toIPv6('::') AND destination_port != 0
GROUP BY value, e0
-- p0 = "flow"
-- p1 = "proxy"
-- p2 = "dns"
-- p3 = "auth"
-- p4 = "outbound"
-- p5 = "internal"
-- p6 = ["0:0:0:0:0:ffff:a00:0"]
-- p7 = ["0:0:0:0:0:ffff:aff:ffff"]
-- p8 = ["0:0:0:0:0:ffff:ac10:0"]
-- p9 = ["0:0:0:0:0:ffff:ac1f:ffff"]
-- p10 = ["0:0:0:0:0:ffff:c0a8:0"]
-- p11 = ["0:0:0:0:0:ffff:c0a8:ffff"]
-- p12 = 1772409600000
-- p13 = 1772496000000

-- tallies
INSERT INTO work_host_daily_activity_tallies (e0, start, first, last, events, events_0, destinations_0, sites_0, ports_0, names_0, users_0, sent_0, received_0, hoursActive_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS events_0,
groupUniqArrayIf(x0, x1) AS destinations_0,
groupUniqArrayIf(x2, x3) AS sites_0,
groupUniqArrayIf(x4, x5) AS ports_0,
groupUniqArrayIf(x6, x7) AS names_0,
groupUniqArrayIf(x8, x9) AS users_0,
sumIf(x10, 1) AS sent_0,
sumIf(x11, 1) AS received_0,
groupBitOrIf(bitShiftLeft(toUInt32(1),
toHour(timestamp)), 1) AS hoursActive_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(destination_address)) AS x0,
toUInt8(destination_address != '') AS x1,
toUInt64(cityHash64(destination_registered_domain)) AS x2,
toUInt8(destination_registered_domain != '') AS x3,
toUInt64(cityHash64(destination_port)) AS x4,
toUInt8(destination_port != 0) AS x5,
toUInt64(cityHash64(dns_question_registered_domain)) AS x6,
toUInt8(dns_question_registered_domain != '') AS x7,
toUInt64(cityHash64(user_name)) AS x8,
toUInt8(user_name != '') AS x9,
toFloat64(source_bytes) AS x10,
toFloat64(destination_bytes) AS x11
FROM events
WHERE (category IN ({p1:String}, {p2:String}, {p3:String}, {p4:String}) AND (network_direction IN ({p5:String}, {p6:String}) OR arrayExists((first, last) -> source_ip >= first AND source_ip <= last,
CAST({p7:Array(String)}, 'Array(IPv6)'),
CAST({p8:Array(String)}, 'Array(IPv6)')) OR arrayExists((first, last) -> source_ip >= first AND source_ip <= last,
CAST({p9:Array(String)}, 'Array(IPv6)'),
CAST({p10:Array(String)}, 'Array(IPv6)')) OR arrayExists((first, last) -> source_ip >= first AND source_ip <= last,
CAST({p11:Array(String)}, 'Array(IPv6)'),
CAST({p12:Array(String)}, 'Array(IPv6)')))) AND timestamp >= fromUnixTimestamp64Milli({p13:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 86400
-- p1 = "flow"
-- p2 = "proxy"
-- p3 = "dns"
-- p4 = "auth"
-- p5 = "outbound"
-- p6 = "internal"
-- p7 = ["0:0:0:0:0:ffff:a00:0"]
-- p8 = ["0:0:0:0:0:ffff:aff:ffff"]
-- p9 = ["0:0:0:0:0:ffff:ac10:0"]
-- p10 = ["0:0:0:0:0:ffff:ac1f:ffff"]
-- p11 = ["0:0:0:0:0:ffff:c0a8:0"]
-- p12 = ["0:0:0:0:0:ffff:c0a8:ffff"]
-- p13 = 1772409600000
-- p14 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_events, f_destinations, f_sites, f_ports, f_names, f_users, f_sent, f_received, f_hoursActive, f_newDestinations, f_newPorts, f_unlike, f_settled, f_eventsSelf, f_destinationsSelf, f_sitesSelf, f_portsSelf, f_namesSelf, f_usersSelf, f_sentSelf, f_receivedSelf, f_hoursSelf, f_newSelf, f_newPortsSelf, f_eventsPeers, f_destinationsPeers, f_portsPeers, f_sentPeers, f_hoursPeers, f_most
FROM (SELECT *,
toFloat64(arrayMax([f_eventsSelf, f_destinationsSelf, f_sitesSelf, f_portsSelf, f_namesSelf, f_usersSelf, f_sentSelf, f_receivedSelf, f_hoursSelf, f_newSelf, f_newPortsSelf])) AS f_most
FROM (SELECT *,
toFloat64(f_events > 0 AND toInt64(toUnixTimestamp(window)) - min(toInt64(toUnixTimestamp(window))) OVER (PARTITION BY e0) >= {p0:Int64}) AS f_settled,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_events, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_eventsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_destinations, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_destinationsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_sites, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_sites, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_sites, 0)))) * toInt64(round(1000 * log1p(greatest(f_sites, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_sitesSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_ports, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_portsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_names, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_names, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_names, 0)))) * toInt64(round(1000 * log1p(greatest(f_names, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_namesSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_users, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_users, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_users, 0)))) * toInt64(round(1000 * log1p(greatest(f_users, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_usersSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_sent, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_sentSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_received, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_received, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_received, 0)))) * toInt64(round(1000 * log1p(greatest(f_received, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_receivedSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_hoursActive, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_hoursSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_newDestinations, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_newDestinations, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_newDestinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_newDestinations, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_newSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_newPorts, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_newPorts, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_newPorts, 0)))) * toInt64(round(1000 * log1p(greatest(f_newPorts, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_newPortsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_events, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1])[1]) AS f_eventsPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_destinations, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1])[1]) AS f_destinationsPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_ports, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * toInt64(round(1000 * log1p(greatest(f_ports, 0)))) * 1])[1]) AS f_portsPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_sent, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1])[1]) AS f_sentPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_hoursActive, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1])[1]) AS f_hoursPeers
FROM (SELECT p.*, peers, members
FROM (SELECT l.*,
toFloat64(firsts) AS f_unlike
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPorts
FROM (SELECT l.*,
toFloat64(firsts) AS f_newDestinations
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(events_0) AS f_events,
toFloat64(length(destinations_0)) AS f_destinations,
toFloat64(length(sites_0)) AS f_sites,
toFloat64(length(ports_0)) AS f_ports,
toFloat64(length(names_0)) AS f_names,
toFloat64(length(users_0)) AS f_users,
toFloat64(sent_0) AS f_sent,
toFloat64(received_0) AS f_received,
toFloat64(bitCount(hoursActive_0)) AS f_hoursActive
FROM work_host_daily_activity_tallies AS t
WHERE events >= {p2:Int64}) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_host_daily_activity_values_0
GROUP BY e0, window) AS r USING (e0, window)) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_host_daily_activity_values_1
GROUP BY e0, window) AS r USING (e0, window)) AS l
GLOBAL ANY LEFT JOIN (SELECT e0, window,
count() AS firsts
FROM (SELECT e0, window, peers, members,
count() OVER (PARTITION BY value ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier,
count() OVER (PARTITION BY value ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1 AS anybody,
count() OVER (PARTITION BY value, peers ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1 AS kin, at - min(at) OVER (PARTITION BY e0) AS known
FROM (SELECT p.*, peers, members
FROM (SELECT *,
toStartOfInterval(first,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
toInt64(toUnixTimestamp(window)) AS at
FROM work_host_daily_activity_values_1) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p3:String})
GROUP BY peer_entity) AS g ON replaceRegexpOne(toString(p.e0), '^::ffff:([0-9.]+)$', '\\1') = g.peer_entity))
WHERE earlier > 0 AND if(peers = '', anybody <= {p4:Float64} * ((SELECT uniqExact(e0)
FROM work_host_daily_activity_values_1) - 1), kin = 0) AND known >= {p0:Int64}
GROUP BY e0, window) AS r USING (e0, window)) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p3:String})
GROUP BY peer_entity) AS g ON replaceRegexpOne(toString(p.e0), '^::ffff:([0-9.]+)$', '\\1') = g.peer_entity)))
-- p0 = 604800
-- p1 = 86400
-- p2 = 1
-- p3 = "source_ip"
-- p4 = 0.1
