-- value history work_account_new_values_0
INSERT INTO work_account_new_values_0 (value, e0, first, entities, size)
SELECT cityHash64(user_name) AS value,
argMin(toString(user_name),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(toString(user_name))) AS e0,
min(timestamp) AS first,
uniqCombined(12)(toString(user_name)) AS entities, 0. AS size
FROM events
WHERE (category IN ({p0:String}, {p1:String}, {p2:String}, {p3:String}) AND NOT (event_outcome = {p4:String}) AND user_name != '' AND (NOT (endsWith(user_name, {p5:String})))) AND timestamp >= fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND user_name != '' AND 1
GROUP BY value
-- p0 = "auth"
-- p1 = "process"
-- p2 = "cloud"
-- p3 = "app"
-- p4 = "failure"
-- p5 = "$"
-- p6 = 1772409600000
-- p7 = 1772496000000

-- value history work_account_new_values_1
INSERT INTO work_account_new_values_1 (value, e0, first, entities, size)
SELECT cityHash64(host_name) AS value,
toString(user_name) AS e0,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category IN ({p0:String}, {p1:String}, {p2:String}, {p3:String}) AND NOT (event_outcome = {p4:String}) AND user_name != '' AND (NOT (endsWith(user_name, {p5:String})))) AND timestamp >= fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND user_name != '' AND host_name != ''
GROUP BY value, e0
-- p0 = "auth"
-- p1 = "process"
-- p2 = "cloud"
-- p3 = "app"
-- p4 = "failure"
-- p5 = "$"
-- p6 = 1772409600000
-- p7 = 1772496000000

-- tallies
INSERT INTO work_account_new_tallies (e0, start, first, last, events, events_0, hosts_0, sources_0, rights_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS events_0,
groupUniqArrayIf(x0, x1) AS hosts_0,
groupUniqArrayIf(x2, x3) AS sources_0,
groupUniqArrayIf(x4, x5) AS rights_0
FROM (SELECT toString(user_name) AS e0, timestamp, event_repeats,
toUInt64(cityHash64(host_name)) AS x0,
toUInt8(host_name != '') AS x1,
toUInt64(cityHash64(source_ip)) AS x2,
toUInt8(source_ip != toIPv6('::')) AS x3,
toUInt64(cityHash64(event_action)) AS x4,
toUInt8(event_action IN ({p1:String}, {p2:String}, {p3:String}, {p4:String}, {p5:String}, {p6:String}, {p7:String}, {p8:String}, {p9:String})) AS x5
FROM events
WHERE (category IN ({p10:String}, {p11:String}, {p12:String}, {p13:String}) AND NOT (event_outcome = {p14:String}) AND user_name != '' AND (NOT (endsWith(user_name, {p15:String})))) AND timestamp >= fromUnixTimestamp64Milli({p16:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p17:Int64}, 'UTC') AND user_name != '')
GROUP BY e0, start
-- p0 = 86400
-- p1 = "privileges-assigned"
-- p2 = "sudo"
-- p3 = "account-created"
-- p4 = "group-member-added"
-- p5 = "password-reset"
-- p6 = "audit-policy-changed"
-- p7 = "log-cleared"
-- p8 = "service-installed"
-- p9 = "task-created"
-- p10 = "auth"
-- p11 = "process"
-- p12 = "cloud"
-- p13 = "app"
-- p14 = "failure"
-- p15 = "$"
-- p16 = 1772409600000
-- p17 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_events, f_hosts, f_sources, f_known, f_unknown, f_rights, f_unlike, f_created, f_boldRights, f_boldHosts, f_bold, f_here, f_allBold, f_allDays
FROM (SELECT *,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_bold, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_allBold
FROM (SELECT *,
toFloat64(if(1, f_boldRights + f_boldHosts, 0)) AS f_bold,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_here, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 2592000, 0.), 50.)), 6)) AS f_allDays
FROM (SELECT *,
toFloat64(if(1 AND f_known <= {p1:Int64} AND f_unknown >= {p2:Int64}, f_rights, 0)) AS f_boldRights,
toFloat64(if(1 AND f_unlike >= {p3:Int64} AND f_known <= {p1:Int64} AND f_unknown >= {p2:Int64} AND f_created = {p4:Int64}, f_unlike, 0)) AS f_boldHosts,
toFloat64(f_events > 0 AND toInt64(toUnixTimestamp(window)) - min(toInt64(toUnixTimestamp(window))) OVER (PARTITION BY e0) >= {p4:Int64}) AS f_here
FROM (SELECT p.*, peers, members
FROM (SELECT l.*,
toFloat64(matching) AS f_created
FROM (SELECT l.*,
toFloat64(firsts) AS f_unlike
FROM (SELECT w.*,
toFloat64(greatest(toUnixTimestamp64Milli(last) - toUnixTimestamp64Milli(work_account_new_values_0_first), 0) / 86400000) AS f_known,
toFloat64(greatest(toUnixTimestamp64Milli(work_account_new_values_0_first) - {p5:Int64}, 0) / 86400000) AS f_unknown
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p6:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(events_0) AS f_events,
toFloat64(length(hosts_0)) AS f_hosts,
toFloat64(length(sources_0)) AS f_sources,
toFloat64(length(rights_0)) AS f_rights
FROM work_account_new_tallies AS t
WHERE events >= {p1:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_account_new_values_0_value, entities AS work_account_new_values_0_entities, first AS work_account_new_values_0_first
FROM work_account_new_values_0) AS work_account_new_values_0 ON cityHash64(w.e0) = work_account_new_values_0_value) AS l
GLOBAL ANY LEFT JOIN (SELECT e0, window,
count() AS firsts
FROM (SELECT e0, window, peers, members,
count() OVER (PARTITION BY value ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier,
count() OVER (PARTITION BY value ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1 AS anybody,
count() OVER (PARTITION BY value, peers ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1 AS kin, at - min(at) OVER (PARTITION BY e0) AS known
FROM (SELECT p.*, peers, members
FROM (SELECT *,
toStartOfInterval(first,
toIntervalSecond({p6:Int64}), 'UTC') AS window,
toInt64(toUnixTimestamp(window)) AS at
FROM work_account_new_values_1) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p7:String})
GROUP BY peer_entity) AS g ON lower(toString(p.e0)) = g.peer_entity))
WHERE earlier > 0 AND if(peers = '', anybody <= {p8:Float64} * ((SELECT uniqExact(e0)
FROM work_account_new_values_1) - 1), kin = 0) AND known >= {p4:Int64}
GROUP BY e0, window) AS r USING (e0, window)) AS l
GLOBAL ANY LEFT JOIN (SELECT toString(user_target_name) AS e0,
sum(event_repeats) AS matching
FROM events
WHERE (category IN ({p9:String}, {p10:String}, {p11:String}) AND event_action = {p12:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p13:Int64}, 'UTC') AND user_target_name != '' AND (toString(user_target_name))
GLOBAL IN (SELECT e0
FROM work_account_new_tallies)
GROUP BY e0) AS r USING (e0)) AS p
GLOBAL ANY LEFT JOIN (SELECT entity AS peer_entity,
any(peers) AS peers,
any(members) AS members
FROM peer_groups
WHERE kind IN ('', {p7:String})
GROUP BY peer_entity) AS g ON lower(toString(p.e0)) = g.peer_entity))))
-- p0 = 1772496000
-- p1 = 1
-- p2 = 7
-- p3 = 3
-- p4 = 0
-- p5 = 1772409600000
-- p6 = 86400
-- p7 = "user_name"
-- p8 = 0.05
-- p9 = "auth"
-- p10 = "cloud"
-- p11 = "other"
-- p12 = "account-created"
-- p13 = 1772496000000
