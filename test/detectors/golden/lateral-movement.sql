-- paths work_lateral_movement_logins
INSERT INTO work_lateral_movement_logins (user, source, target, day, at)
SELECT user,
multiIf(source_name != '', source_name, named != '', named, address = toIPv6('::'), '',
replaceRegexpOne(toString(address), '^::ffff:([0-9.]+)$', '\\1')) AS source, target, day,
min(at) AS at
FROM (SELECT l.*, named
FROM (SELECT toString(user_name) AS user,
if(isNull(toIPv6OrNull(toString(host_name))),
substringIndex(lower(toString(host_name)), '.', 1),
lower(toString(host_name))) AS target,
if(isNull(toIPv6OrNull(toString(source_domain))),
substringIndex(lower(toString(source_domain)), '.', 1),
lower(toString(source_domain))) AS source_name, source_ip AS address,
intDiv(toUnixTimestamp64Milli(timestamp), 86400000) AS day,
min(toUnixTimestamp64Milli(timestamp)) AS at
FROM events
WHERE (category = {p0:String} AND event_action = {p1:String} AND event_outcome = {p2:String} AND host_name != '' AND NOT (endsWith(user_name, {p3:String}))) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND user_name != ''
GROUP BY user, target, source_name, address, day) AS l
GLOBAL ANY LEFT JOIN (SELECT pair.1 AS address,
argMax(pair.2, (seen, pair.2)) AS named
FROM (SELECT arrayJoin([(if(format = 'sshd', destination_ip, host_ip),
if(isNull(toIPv6OrNull(toString(host_name))),
substringIndex(lower(toString(host_name)), '.', 1),
lower(toString(host_name)))), (source_ip,
if(isNull(toIPv6OrNull(toString(source_domain))),
substringIndex(lower(toString(source_domain)), '.', 1),
lower(toString(source_domain))))]) AS pair,
count() AS seen
FROM events
WHERE category = {p0:String} AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC')
GROUP BY pair
HAVING pair.1 != toIPv6('::') AND pair.2 != '')
GROUP BY address) AS n USING (address))
WHERE source NOT IN ('', 'localhost', '127.0.0.1', '::1') AND target NOT IN ('', 'localhost')
GROUP BY user, source, target, day
-- p0 = "auth"
-- p1 = "login"
-- p2 = "success"
-- p3 = "$"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- paths work_lateral_movement_hops
INSERT INTO work_lateral_movement_hops (user, source, target, at, surprise, arrived)
SELECT user, source, target, at, surprise, came > at - 86400000 AS arrived
FROM (SELECT h.*, came
FROM (SELECT user, source, target, at,
if(source_new,
round(least(4.,
greatest(0., -log10((source_fresh + 5 * source_rate) / (greatest(0., (at - source_known - 604800000) / 86400000.) + 5)))), 3), 0.) + if(user_new,
round(least(4.,
greatest(0., -log10((user_fresh + 5 * user_rate) / (greatest(0., (at - user_known - 604800000) / 86400000.) + 5)))), 3), 0.) AS surprise
FROM (SELECT *, (sum(source_new) OVER () + 1) / (sum(greatest(0, max_at - source_known - 604800000) * source_first) OVER () / 86400000. + 10) AS source_rate, (sum(user_new) OVER () + 1) / (sum(greatest(0, max_at - user_known - 604800000) * user_first) OVER () / 86400000. + 10) AS user_rate
FROM (SELECT *,
sum(source_new * 1) OVER (PARTITION BY source ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS source_fresh,
sum(user_new * 1) OVER (PARTITION BY user ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS user_fresh,
row_number() OVER (PARTITION BY source ORDER BY at, user, source, target) = 1 AS source_first,
row_number() OVER (PARTITION BY user ORDER BY at, user, source, target) = 1 AS user_first,
max(at) OVER () AS max_at
FROM (SELECT l.*, source_known,
min(at) OVER (PARTITION BY user) AS user_known,
sum(1) OVER (PARTITION BY source, target ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) = 0 AND at - source_known >= 604800000 AS source_new,
sum(1) OVER (PARTITION BY user, target ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) = 0 AND at - user_known >= 604800000 AS user_new
FROM (SELECT l.*, n.known AS source_known
FROM (SELECT *
FROM work_lateral_movement_logins
WHERE source != target) AS l
GLOBAL ANY LEFT JOIN (SELECT node,
min(at) AS known
FROM (SELECT arrayJoin([source, target]) AS node, at
FROM work_lateral_movement_logins)
GROUP BY node) AS n ON l.source = n.node) AS l)))
WHERE source_new OR user_new) AS h
GLOBAL ASOF LEFT JOIN (SELECT user, target AS source, at AS came
FROM work_lateral_movement_logins) AS a ON h.user = a.user AND h.source = a.source AND a.came <= h.at)
WHERE surprise > 0 ORDER BY surprise DESC, at, user, source, target LIMIT 200000

-- paths work_lateral_movement_paths_1
INSERT INTO work_lateral_movement_paths_1 (root, start, user, target, at, surprise, switches, steps)
SELECT user AS root, at AS start, user, target, at, surprise, 0 AS switches, [(source, target, user, at)] AS steps
FROM work_lateral_movement_hops

-- paths work_lateral_movement_paths_2
INSERT INTO work_lateral_movement_paths_2 (root, start, user, target, at, surprise, switches, steps)
SELECT *
FROM (SELECT p.root AS root, p.start AS start, h.user AS user, h.target AS target, h.at AS at,
round(p.surprise + h.surprise, 3) AS surprise,
toUInt8(p.switches + (h.user != p.user)) AS switches,
arrayPushBack(p.steps, (h.source, h.target, h.user, h.at)) AS steps
FROM (SELECT *,
arrayJoin([intDiv(at, 43200000),
intDiv(at, 43200000) + 1]) AS half_day
FROM work_lateral_movement_paths_1) AS p
GLOBAL INNER JOIN (SELECT *,
intDiv(at, 43200000) AS half_day
FROM work_lateral_movement_hops) AS h ON p.target = h.source AND p.half_day = h.half_day
WHERE h.at > p.at AND h.at <= p.at + 43200000 AND (h.user = p.user OR NOT h.arrived) AND NOT arrayExists(s -> s.1 = h.target OR s.2 = h.target, p.steps)) ORDER BY at, user, target, surprise DESC, start, root, steps LIMIT 1 BY at, user, target, steps[-1].1

-- paths work_lateral_movement_paths_3
INSERT INTO work_lateral_movement_paths_3 (root, start, user, target, at, surprise, switches, steps)
SELECT *
FROM (SELECT p.root AS root, p.start AS start, h.user AS user, h.target AS target, h.at AS at,
round(p.surprise + h.surprise, 3) AS surprise,
toUInt8(p.switches + (h.user != p.user)) AS switches,
arrayPushBack(p.steps, (h.source, h.target, h.user, h.at)) AS steps
FROM (SELECT *,
arrayJoin([intDiv(at, 43200000),
intDiv(at, 43200000) + 1]) AS half_day
FROM work_lateral_movement_paths_2) AS p
GLOBAL INNER JOIN (SELECT *,
intDiv(at, 43200000) AS half_day
FROM work_lateral_movement_hops) AS h ON p.target = h.source AND p.half_day = h.half_day
WHERE h.at > p.at AND h.at <= p.at + 43200000 AND (h.user = p.user OR NOT h.arrived) AND NOT arrayExists(s -> s.1 = h.target OR s.2 = h.target, p.steps)) ORDER BY at, user, target, surprise DESC, start, root, steps LIMIT 1 BY at, user, target, steps[-1].1

-- paths work_lateral_movement_paths_4
INSERT INTO work_lateral_movement_paths_4 (root, start, user, target, at, surprise, switches, steps)
SELECT *
FROM (SELECT p.root AS root, p.start AS start, h.user AS user, h.target AS target, h.at AS at,
round(p.surprise + h.surprise, 3) AS surprise,
toUInt8(p.switches + (h.user != p.user)) AS switches,
arrayPushBack(p.steps, (h.source, h.target, h.user, h.at)) AS steps
FROM (SELECT *,
arrayJoin([intDiv(at, 43200000),
intDiv(at, 43200000) + 1]) AS half_day
FROM work_lateral_movement_paths_3) AS p
GLOBAL INNER JOIN (SELECT *,
intDiv(at, 43200000) AS half_day
FROM work_lateral_movement_hops) AS h ON p.target = h.source AND p.half_day = h.half_day
WHERE h.at > p.at AND h.at <= p.at + 43200000 AND (h.user = p.user OR NOT h.arrived) AND NOT arrayExists(s -> s.1 = h.target OR s.2 = h.target, p.steps)) ORDER BY at, user, target, surprise DESC, start, root, steps LIMIT 1 BY at, user, target, steps[-1].1

-- paths work_lateral_movement_paths_5
INSERT INTO work_lateral_movement_paths_5 (root, start, user, target, at, surprise, switches, steps)
SELECT *
FROM (SELECT p.root AS root, p.start AS start, h.user AS user, h.target AS target, h.at AS at,
round(p.surprise + h.surprise, 3) AS surprise,
toUInt8(p.switches + (h.user != p.user)) AS switches,
arrayPushBack(p.steps, (h.source, h.target, h.user, h.at)) AS steps
FROM (SELECT *,
arrayJoin([intDiv(at, 43200000),
intDiv(at, 43200000) + 1]) AS half_day
FROM work_lateral_movement_paths_4) AS p
GLOBAL INNER JOIN (SELECT *,
intDiv(at, 43200000) AS half_day
FROM work_lateral_movement_hops) AS h ON p.target = h.source AND p.half_day = h.half_day
WHERE h.at > p.at AND h.at <= p.at + 43200000 AND (h.user = p.user OR NOT h.arrived) AND NOT arrayExists(s -> s.1 = h.target OR s.2 = h.target, p.steps)) ORDER BY at, user, target, surprise DESC, start, root, steps LIMIT 1 BY at, user, target, steps[-1].1

-- paths work_lateral_movement_paths_6
INSERT INTO work_lateral_movement_paths_6 (root, start, user, target, at, surprise, switches, steps)
SELECT *
FROM (SELECT p.root AS root, p.start AS start, h.user AS user, h.target AS target, h.at AS at,
round(p.surprise + h.surprise, 3) AS surprise,
toUInt8(p.switches + (h.user != p.user)) AS switches,
arrayPushBack(p.steps, (h.source, h.target, h.user, h.at)) AS steps
FROM (SELECT *,
arrayJoin([intDiv(at, 43200000),
intDiv(at, 43200000) + 1]) AS half_day
FROM work_lateral_movement_paths_5) AS p
GLOBAL INNER JOIN (SELECT *,
intDiv(at, 43200000) AS half_day
FROM work_lateral_movement_hops) AS h ON p.target = h.source AND p.half_day = h.half_day
WHERE h.at > p.at AND h.at <= p.at + 43200000 AND (h.user = p.user OR NOT h.arrived) AND NOT arrayExists(s -> s.1 = h.target OR s.2 = h.target, p.steps)) ORDER BY at, user, target, surprise DESC, start, root, steps LIMIT 1 BY at, user, target, steps[-1].1

-- tallies
INSERT INTO work_lateral_movement_tallies (e0, start, first, last, events, logins_0, hosts_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS logins_0,
groupUniqArrayIf(x0, 1) AS hosts_0
FROM (SELECT toString(user_name) AS e0, timestamp, event_repeats,
toUInt64(cityHash64(host_name)) AS x0
FROM events
WHERE (category = {p1:String} AND event_action = {p2:String} AND event_outcome = {p3:String} AND host_name != '' AND NOT (endsWith(user_name, {p4:String}))) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND user_name != '')
GROUP BY e0, start
-- p0 = 86400
-- p1 = "auth"
-- p2 = "login"
-- p3 = "success"
-- p4 = "$"
-- p5 = 1772409600000
-- p6 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_logins, f_hosts, f_surprise, f_hops, f_switches
FROM (SELECT w.* EXCEPT (last),
greatest(w.last,
fromUnixTimestamp64Milli(path_best.4, 'UTC')) AS last,
toFloat64(path_best.1) AS f_surprise,
toFloat64(path_best.2) AS f_hops,
toFloat64(path_best.3) AS f_switches
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(logins_0) AS f_logins,
toFloat64(length(hosts_0)) AS f_hosts
FROM work_lateral_movement_tallies AS t
WHERE events >= {p1:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT root AS e0,
toStartOfInterval(fromUnixTimestamp64Milli(start, 'UTC'),
toIntervalSecond({p0:Int64}), 'UTC') AS window,
argMax((surprise, hops, switches, steps[-1].4), (surprise, -start, hops, -switches)) AS path_best
FROM (SELECT root, start, surprise, 2 AS hops, switches, steps
FROM work_lateral_movement_paths_2 UNION ALL
SELECT root, start, surprise, 3 AS hops, switches, steps
FROM work_lateral_movement_paths_3 UNION ALL
SELECT root, start, surprise, 4 AS hops, switches, steps
FROM work_lateral_movement_paths_4 UNION ALL
SELECT root, start, surprise, 5 AS hops, switches, steps
FROM work_lateral_movement_paths_5 UNION ALL
SELECT root, start, surprise, 6 AS hops, switches, steps
FROM work_lateral_movement_paths_6)
GROUP BY e0, window) AS b USING (e0, window))
-- p0 = 86400
-- p1 = 1
