-- tallies
INSERT INTO work_web_path_flood_tallies (e0, start, first, last, events, requests_0, clients_0, failed_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS requests_0,
arrayDistinct(groupArrayIf(x0, 1)) AS clients_0,
sumIf(event_repeats, x1) AS failed_0
FROM (SELECT url_path AS e0, timestamp, event_repeats,
toUInt64(cityHash64(source_ip)) AS x0,
toUInt8(http_response_status_code BETWEEN {p1:Int64} AND {p2:Int64}) AS x1
FROM events
WHERE (category = {p3:String} AND http_request_referrer = '') AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND url_path != '')
GROUP BY e0, start
-- p0 = 600
-- p1 = 500
-- p2 = 599
-- p3 = "web"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_clients, f_each, f_failed, f_ever, f_fresh
FROM (SELECT *,
toFloat64(f_requests / (f_ever + {p0:Int64})) AS f_fresh
FROM (SELECT *,
toFloat64(if(f_clients = 0, 0, f_requests / f_clients)) AS f_each,
toFloat64(sum(f_requests) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS f_ever
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(requests_0) AS f_requests,
toFloat64(length(clients_0)) AS f_clients,
toFloat64(failed_0) AS f_failed
FROM work_web_path_flood_tallies AS t
WHERE events >= {p0:Int64})))
-- p0 = 120
-- p1 = 600
