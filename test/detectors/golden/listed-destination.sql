-- tallies
INSERT INTO work_listed_destination_tallies (e0, start, first, last, events, contacts_0, reached_0, names_0, destinations_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS contacts_0,
sumIf(event_repeats, x0) AS reached_0,
groupUniqArrayIf(x1, x2) AS names_0,
groupUniqArrayIf(x3, x0) AS destinations_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8((category IN ({p1:String}, {p2:String}) AND event_outcome = {p3:String})) AS x0,
toUInt64(cityHash64(trimRight(lower(dns_question_name), '.'))) AS x1,
toUInt8(category = {p4:String}) AS x2,
toUInt64(cityHash64(destination_address)) AS x3
FROM events
WHERE (category IN ({p1:String}, {p2:String}, {p4:String}) AND NOT (network_direction = {p5:String}) AND (toString(trimRight(lower(toString(destination_address)), '.')) IN (SELECT value
FROM known_destinations
WHERE listed = 1) OR toString(trimRight(lower(toString(destination_registered_domain)), '.')) IN (SELECT value
FROM known_destinations
WHERE listed = 1) OR toString(replaceRegexpOne(toString(destination_ip), '^::ffff:([0-9.]+)$', '\\1')) IN (SELECT value
FROM known_destinations
WHERE listed = 1) OR toString(trimRight(lower(toString(dns_question_name)), '.')) IN (SELECT value
FROM known_destinations
WHERE listed = 1) OR toString(trimRight(lower(toString(dns_question_registered_domain)), '.')) IN (SELECT value
FROM known_destinations
WHERE listed = 1))) AND timestamp >= fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 86400
-- p1 = "flow"
-- p2 = "proxy"
-- p3 = "success"
-- p4 = "dns"
-- p5 = "inbound"
-- p6 = 1772409600000
-- p7 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_contacts, f_reached, f_names, f_destinations
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(contacts_0) AS f_contacts,
toFloat64(reached_0) AS f_reached,
toFloat64(length(names_0)) AS f_names,
toFloat64(length(destinations_0)) AS f_destinations
FROM work_listed_destination_tallies AS t
WHERE events >= {p1:Int64})
-- p0 = 86400
-- p1 = 1
