-- tallies
INSERT INTO work_web_client_kmeans_tallies (e0, start, first, last, events, ok_0, other_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, x0) AS ok_0,
sumIf(event_repeats, x1) AS other_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8(http_response_status_code = {p1:Int64}) AS x0,
toUInt8(NOT (http_response_status_code = {p1:Int64})) AS x1
FROM events
WHERE category = {p2:String} AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 60
-- p1 = 200
-- p2 = "web"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- windows of 1 minute
SELECT e0, window, first, last,
toUInt64(events) AS events, f_ok, f_other
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(ok_0) AS f_ok,
toFloat64(other_0) AS f_other
FROM work_web_client_kmeans_tallies AS t
WHERE events >= {p1:Int64})
-- p0 = 60
-- p1 = 1
