-- value history work_user_daily_activity_values_0
INSERT INTO work_user_daily_activity_values_0 (value, e0, first, entities, size)
SELECT cityHash64(host_name) AS value,
toString(user_name) AS e0,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category IN ({p0:String}, {p1:String}, {p2:String}, {p3:String}, {p4:String}, {p5:String}) AND user_name != '' AND (NOT (endsWith(user_name, {p6:String})))) AND timestamp >= fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p8:Int64}, 'UTC') AND user_name != '' AND host_name != ''
GROUP BY value, e0
-- p0 = "auth"
-- p1 = "process"
-- p2 = "cloud"
-- p3 = "app"
-- p4 = "web"
-- p5 = "proxy"
-- p6 = "$"
-- p7 = 1772409600000
-- p8 = 1772496000000

-- value history work_user_daily_activity_values_1
INSERT INTO work_user_daily_activity_values_1 (value, e0, first, entities, size)
SELECT cityHash64(event_action) AS value,
toString(user_name) AS e0,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category IN ({p0:String}, {p1:String}, {p2:String}, {p3:String}, {p4:String}, {p5:String}) AND user_name != '' AND (NOT (endsWith(user_name, {p6:String})))) AND timestamp >= fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p8:Int64}, 'UTC') AND user_name != '' AND event_action != ''
GROUP BY value, e0
-- p0 = "auth"
-- p1 = "process"
-- p2 = "cloud"
-- p3 = "app"
-- p4 = "web"
-- p5 = "proxy"
-- p6 = "$"
-- p7 = 1772409600000
-- p8 = 1772496000000

-- tallies
INSERT INTO work_user_daily_activity_tallies (e0, start, first, last, events, events_0, hosts_0, sources_0, programs_0, actions_0, destinations_0, things_0, sent_0, hoursActive_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS events_0,
groupUniqArrayIf(x0, x1) AS hosts_0,
groupUniqArrayIf(x2, x3) AS sources_0,
groupUniqArrayIf(x4, x5) AS programs_0,
groupUniqArrayIf(x6, x7) AS actions_0,
groupUniqArrayIf(x8, x9) AS destinations_0,
groupUniqArrayIf(x10, x11) AS things_0,
sumIf(x12, 1) AS sent_0,
groupBitOrIf(bitShiftLeft(toUInt32(1),
toHour(timestamp)), 1) AS hoursActive_0
FROM (SELECT toString(user_name) AS e0, timestamp, event_repeats,
toUInt64(cityHash64(host_name)) AS x0,
toUInt8(host_name != '') AS x1,
toUInt64(cityHash64(source_ip)) AS x2,
toUInt8(source_ip != toIPv6('::')) AS x3,
toUInt64(cityHash64(process_name, service_name)) AS x4,
toUInt8((process_name != '' OR service_name != '')) AS x5,
toUInt64(cityHash64(event_action)) AS x6,
toUInt8(event_action != '') AS x7,
toUInt64(cityHash64(destination_address)) AS x8,
toUInt8(destination_address != '') AS x9,
toUInt64(cityHash64(resource_name, file_path)) AS x10,
toUInt8((resource_name != '' OR file_path != '')) AS x11,
toFloat64(source_bytes) AS x12
FROM events
WHERE (category IN ({p1:String}, {p2:String}, {p3:String}, {p4:String}, {p5:String}, {p6:String}) AND user_name != '' AND (NOT (endsWith(user_name, {p7:String})))) AND timestamp >= fromUnixTimestamp64Milli({p8:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p9:Int64}, 'UTC') AND user_name != '')
GROUP BY e0, start
-- p0 = 86400
-- p1 = "auth"
-- p2 = "process"
-- p3 = "cloud"
-- p4 = "app"
-- p5 = "web"
-- p6 = "proxy"
-- p7 = "$"
-- p8 = 1772409600000
-- p9 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_events, f_hosts, f_sources, f_programs, f_actions, f_destinations, f_things, f_sent, f_hoursActive, f_newHosts, f_newActions, f_unlike, f_settled, f_eventsSelf, f_hostsSelf, f_sourcesSelf, f_programsSelf, f_actionsSelf, f_destinationsSelf, f_thingsSelf, f_sentSelf, f_hoursSelf, f_eventsPeers, f_hostsPeers, f_sourcesPeers, f_destinationsPeers, f_thingsPeers, f_sentPeers, f_newHostsSelf, f_most
FROM (SELECT *,
toFloat64(arrayMax([f_eventsSelf, f_hostsSelf, f_sourcesSelf, f_programsSelf, f_actionsSelf, f_destinationsSelf, f_thingsSelf, f_sentSelf, f_hoursSelf, f_newHostsSelf])) AS f_most
FROM (SELECT *,
toFloat64(f_events > 0 AND toInt64(toUnixTimestamp(window)) - min(toInt64(toUnixTimestamp(window))) OVER (PARTITION BY e0) >= {p0:Int64}) AS f_settled,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_events, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_eventsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_hosts, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_hostsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_sources, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_sourcesSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_programs, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_programs, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_programs, 0)))) * toInt64(round(1000 * log1p(greatest(f_programs, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_programsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_actions, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_actions, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_actions, 0)))) * toInt64(round(1000 * log1p(greatest(f_actions, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_actionsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_destinations, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_destinationsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_things, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_thingsSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_sent, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_sentSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_hoursActive, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * toInt64(round(1000 * log1p(greatest(f_hoursActive, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_hoursSelf,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_events, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_events, 0)))) * toInt64(round(1000 * log1p(greatest(f_events, 0)))) * 1])[1]) AS f_eventsPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_hosts, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * toInt64(round(1000 * log1p(greatest(f_hosts, 0)))) * 1])[1]) AS f_hostsPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_sources, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * toInt64(round(1000 * log1p(greatest(f_sources, 0)))) * 1])[1]) AS f_sourcesPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_destinations, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * toInt64(round(1000 * log1p(greatest(f_destinations, 0)))) * 1])[1]) AS f_destinationsPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_things, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_things, 0)))) * toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_things, 0)))) * toInt64(round(1000 * log1p(greatest(f_things, 0)))) * 1])[1]) AS f_thingsPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_sent, 0))))], [if(peers = '', (sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(1) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(1) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1], [if(peers = '', (sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING)), (sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - sum(toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1) OVER (PARTITION BY peers,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 604800 PRECEDING))) - toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * toInt64(round(1000 * log1p(greatest(f_sent, 0)))) * 1])[1]) AS f_sentPeers,
toFloat64(arrayMap((x, n, s, q) -> if(n < 5, 0.,
round(greatest(0., x - s / greatest(n, 1)) / sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + 122500 * (1 + 5 / greatest(n, 1))), 3)), [toInt64(round(1000 * log1p(greatest(f_newHosts, 0))))], [sum(toInt64(1) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_newHosts, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)], [sum(toInt64(round(1000 * log1p(greatest(f_newHosts, 0)))) * toInt64(round(1000 * log1p(greatest(f_newHosts, 0)))) * 1) OVER (PARTITION BY e0,
toDayOfWeek(window) >= 6 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)])[1]) AS f_newHostsSelf
FROM (SELECT p.*, peers, members
FROM (SELECT l.*,
toFloat64(firsts) AS f_unlike
FROM (SELECT l.*,
toFloat64(firsts) AS f_newActions
FROM (SELECT l.*,
toFloat64(firsts) AS f_newHosts
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(events_0) AS f_events,
toFloat64(length(hosts_0)) AS f_hosts,
toFloat64(length(sources_0)) AS f_sources,
toFloat64(length(programs_0)) AS f_programs,
toFloat64(length(actions_0)) AS f_actions,
toFloat64(length(destinations_0)) AS f_destinations,
toFloat64(length(things_0)) AS f_things,
toFloat64(sent_0) AS f_sent,
toFloat64(bitCount(hoursActive_0)) AS f_hoursActive
FROM work_user_daily_activity_tallies AS t
WHERE events >= {p2:Int64}) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_user_daily_activity_values_0
GROUP BY e0, window) AS r USING (e0, window)) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_user_daily_activity_values_1
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
FROM work_user_daily_activity_values_0) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p3:String})
GROUP BY peer_entity) AS g ON lower(toString(p.e0)) = g.peer_entity))
WHERE earlier > 0 AND if(peers = '', anybody <= {p4:Float64} * ((SELECT uniqExact(e0)
FROM work_user_daily_activity_values_0) - 1), kin = 0) AND known >= {p0:Int64}
GROUP BY e0, window) AS r USING (e0, window)) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p3:String})
GROUP BY peer_entity) AS g ON lower(toString(p.e0)) = g.peer_entity)))
-- p0 = 604800
-- p1 = 86400
-- p2 = 1
-- p3 = "user_name"
-- p4 = 0.1
