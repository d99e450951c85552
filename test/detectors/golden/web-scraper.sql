-- tallies
INSERT INTO work_web_scraper_tallies (e0, start, first, last, events, requests_0, pages_0, agents_0, declared_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS requests_0,
arrayDistinct(groupArrayIf(x0, x1)) AS pages_0,
arrayDistinct(groupArrayIf(x2, 1)) AS agents_0,
sumIf(event_repeats, x3) AS declared_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(url_path)) AS x0,
toUInt8(NOT (match(url_path, {p1:String}))) AS x1,
toUInt64(cityHash64(user_agent)) AS x2,
toUInt8(position(user_agent, {p2:String}) > 0) AS x3
FROM events
WHERE (category = {p3:String} AND http_request_method IN ({p4:String}, {p5:String}) AND http_request_referrer = '' AND http_response_status_code BETWEEN {p6:Int64} AND {p7:Int64}) AND timestamp >= fromUnixTimestamp64Milli({p8:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p9:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 600
-- p1 = "\\.(?:css|js|mjs|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|eot)$"
-- p2 = "+http"
-- p3 = "web"
-- p4 = "GET"
-- p5 = "HEAD"
-- p6 = 200
-- p7 = 399
-- p8 = 1772409600000
-- p9 = 1772496000000

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_pages, f_breadth, f_agents, f_perAgent, f_declared
FROM (SELECT *,
toFloat64(f_pages / (f_requests + {p0:Int64})) AS f_breadth,
toFloat64(if(f_agents = 0, 0, f_pages / f_agents)) AS f_perAgent
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(requests_0) AS f_requests,
toFloat64(length(pages_0)) AS f_pages,
toFloat64(length(agents_0)) AS f_agents,
toFloat64(declared_0) AS f_declared
FROM work_web_scraper_tallies AS t
WHERE events >= {p2:Int64}))
-- p0 = 10
-- p1 = 600
-- p2 = 1

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_pages, f_breadth, f_agents, f_perAgent, f_declared
FROM (SELECT *,
toFloat64(f_pages / (f_requests + {p0:Int64})) AS f_breadth,
toFloat64(if(f_agents = 0, 0, f_pages / f_agents)) AS f_perAgent
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(requests_0)) AS f_requests,
toFloat64(length(groupUniqArrayArray(pages_0))) AS f_pages,
toFloat64(length(groupUniqArrayArray(agents_0))) AS f_agents,
toFloat64(sum(declared_0)) AS f_declared
FROM work_web_scraper_tallies AS t
GROUP BY e0, window
HAVING events >= {p2:Int64}))
-- p0 = 10
-- p1 = 3600
-- p2 = 1
