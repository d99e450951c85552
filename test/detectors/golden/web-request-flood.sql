-- tallies
INSERT INTO work_web_request_flood_tallies (e0, start, first, last, events, requests_0, failed_0, sent_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS requests_0,
sumIf(event_repeats, x0) AS failed_0,
sumIf(x1, 1) AS sent_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8(http_response_status_code BETWEEN {p1:Int64} AND {p2:Int64}) AS x0,
toFloat64(http_response_bytes) AS x1
FROM events
WHERE category = {p3:String} AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 600
-- p1 = 500
-- p2 = 599
-- p3 = "web"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_failed, f_sent, f_ever, f_fresh
FROM (SELECT *,
toFloat64(f_requests / (f_ever + {p0:Int64})) AS f_fresh
FROM (SELECT *,
toFloat64(sum(f_requests) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS f_ever
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(requests_0) AS f_requests,
toFloat64(failed_0) AS f_failed,
toFloat64(sent_0) AS f_sent
FROM work_web_request_flood_tallies AS t
WHERE events >= {p0:Int64})))
-- p0 = 120
-- p1 = 600
