-- tallies
INSERT INTO work_network_scan_tallies (e0, start, first, last, events, doors_0, addresses_0, ports_0, attempts_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
arrayDistinct(groupArrayIf(x0, 1)) AS doors_0,
arrayDistinct(groupArrayIf(x1, 1)) AS addresses_0,
arrayDistinct(groupArrayIf(x2, 1)) AS ports_0,
sumIf(event_repeats, 1) AS attempts_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(destination_ip, destination_port)) AS x0,
toUInt64(cityHash64(destination_ip)) AS x1,
toUInt64(cityHash64(destination_port)) AS x2
FROM events
WHERE (category = {p1:String} AND event_outcome = {p2:String} AND NOT (network_direction = {p3:String})) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 600
-- p1 = "flow"
-- p2 = "failure"
-- p3 = "inbound"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_doors, f_addresses, f_ports, f_attempts, f_portsEach
FROM (SELECT *,
toFloat64(if(f_addresses = 0, 0, f_doors / f_addresses)) AS f_portsEach
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(length(doors_0)) AS f_doors,
toFloat64(length(addresses_0)) AS f_addresses,
toFloat64(length(ports_0)) AS f_ports,
toFloat64(attempts_0) AS f_attempts
FROM work_network_scan_tallies AS t
WHERE events >= {p1:Int64}))
-- p0 = 600
-- p1 = 1

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_doors, f_addresses, f_ports, f_attempts, f_portsEach
FROM (SELECT *,
toFloat64(if(f_addresses = 0, 0, f_doors / f_addresses)) AS f_portsEach
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(length(groupUniqArrayArray(doors_0))) AS f_doors,
toFloat64(length(groupUniqArrayArray(addresses_0))) AS f_addresses,
toFloat64(length(groupUniqArrayArray(ports_0))) AS f_ports,
toFloat64(sum(attempts_0)) AS f_attempts
FROM work_network_scan_tallies AS t
GROUP BY e0, window
HAVING events >= {p1:Int64}))
-- p0 = 3600
-- p1 = 1

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_doors, f_addresses, f_ports, f_attempts, f_portsEach
FROM (SELECT *,
toFloat64(if(f_addresses = 0, 0, f_doors / f_addresses)) AS f_portsEach
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(length(groupUniqArrayArray(doors_0))) AS f_doors,
toFloat64(length(groupUniqArrayArray(addresses_0))) AS f_addresses,
toFloat64(length(groupUniqArrayArray(ports_0))) AS f_ports,
toFloat64(sum(attempts_0)) AS f_attempts
FROM work_network_scan_tallies AS t
GROUP BY e0, window
HAVING events >= {p1:Int64}))
-- p0 = 86400
-- p1 = 1
