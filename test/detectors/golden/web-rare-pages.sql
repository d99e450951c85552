-- tallies
INSERT INTO work_web_rare_pages_tallies (e0, start, first, last, events, answered_0, rare_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS answered_0,
groupUniqArrayIf(x0, x1 AND 1) AS rare_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(url_path)) AS x0,
toUInt8(cityHash64(translate(url_path, {p1:String}, {p2:String}))
GLOBAL IN (SELECT value
FROM work_web_rare_pages_seldom_0)) AS x1
FROM events
WHERE (category = {p3:String} AND http_response_status_code BETWEEN {p4:Int64} AND {p5:Int64}) AND timestamp >= fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 3600
-- p1 = "0123456789abcdefABCDEF"
-- p2 = "0000000000000000000000"
-- p3 = "web"
-- p4 = 200
-- p5 = 299
-- p6 = 1772409600000
-- p7 = 1772496000000

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_answered, f_rare, f_rareShare, f_before, f_sudden, f_day
FROM (SELECT *,
toFloat64(f_rare / (f_before + {p0:Int64})) AS f_sudden
FROM (SELECT *,
toFloat64(f_rare / (f_answered + {p1:Int64})) AS f_rareShare,
toFloat64(sum(f_rare) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_before
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p2:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(answered_0) AS f_answered,
toFloat64(length(rare_0)) AS f_rare,
toFloat64((toUnixTimestamp(window) - {p3:Int64}) / 86400) AS f_day
FROM work_web_rare_pages_tallies AS t
WHERE events >= {p4:Int64})))
-- p0 = 5
-- p1 = 10
-- p2 = 3600
-- p3 = 1772409600
-- p4 = 3
