-- value history work_web_client_behaviour_values_0
INSERT INTO work_web_client_behaviour_values_0 (value, e0, first, entities)
SELECT cityHash64(url_path) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)), 64) + cityHash64(source_ip)) AS e0,
min(timestamp) AS first,
uniq(source_ip) AS entities
FROM events
WHERE category = {p0:String} AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND 1
GROUP BY value
-- p0 = "web"
-- p1 = 1772409600000
-- p2 = 1772496000000

-- what each event contributes
INSERT INTO work_web_client_behaviour_facts (e0, timestamp, event_repeats, x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17)
SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8(http_response_status_code BETWEEN {p0:Int64} AND {p1:Int64}) AS x0,
toUInt8(http_response_status_code BETWEEN {p2:Int64} AND {p3:Int64}) AS x1,
toUInt8(http_response_status_code BETWEEN {p4:Int64} AND {p5:Int64}) AS x2,
toUInt8(http_response_status_code IN ({p6:Int64}, {p7:Int64}, {p8:Int64}, {p9:Int64}, {p10:Int64}, {p11:Int64})) AS x3,
toUInt64(cityHash64(url_path)) AS x4,
toFloat64(round(log2(greatest((SELECT uniq(source_ip)
FROM events
WHERE category = {p12:String} AND timestamp >= fromUnixTimestamp64Milli({p13:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND source_ip != toIPv6('::')), 1) / greatest(work_web_client_behaviour_values_0_entities, 1)), 3)) AS x5,
toUInt64(cityHash64(url_query)) AS x6,
toUInt8(url_query != '') AS x7,
toFloat64(length(url_query)) AS x8,
toFloat64(length(url_path)) AS x9,
toFloat64(countSubstrings(url_path, {p15:String}) + 1) AS x10,
toFloat64(http_response_bytes) AS x11,
toUInt8(http_request_method = {p16:String}) AS x12,
toUInt8(NOT (http_request_method IN ({p17:String}, {p18:String}, {p16:String}, {p19:String}))) AS x13,
toUInt8(http_request_referrer = '') AS x14,
toUInt64(cityHash64(user_agent)) AS x15,
toUInt8(user_agent = '') AS x16,
toUInt8((position(url_path, {p20:String}) > 0 OR position(url_path, {p21:String}) > 0 OR position(url_path, {p22:String}) > 0 OR position(url_path, {p23:String}) > 0 OR position(url_path, {p24:String}) > 0 OR (endsWith(url_path, {p25:String}) AND http_response_status_code >= {p2:Int64}))) AS x17
FROM events
GLOBAL ANY LEFT JOIN (SELECT value AS work_web_client_behaviour_values_0_value, entities AS work_web_client_behaviour_values_0_entities
FROM work_web_client_behaviour_values_0) AS work_web_client_behaviour_values_0 ON cityHash64(url_path) = work_web_client_behaviour_values_0_value
WHERE category = {p12:String} AND timestamp >= fromUnixTimestamp64Milli({p13:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND source_ip != toIPv6('::')
-- p0 = 300
-- p1 = 399
-- p2 = 400
-- p3 = 499
-- p4 = 500
-- p5 = 599
-- p6 = 401
-- p7 = 403
-- p8 = 405
-- p9 = 406
-- p10 = 418
-- p11 = 429
-- p12 = "web"
-- p13 = 1772409600000
-- p14 = 1772496000000
-- p15 = "/"
-- p16 = "POST"
-- p17 = "GET"
-- p18 = "HEAD"
-- p19 = "OPTIONS"
-- p20 = "login"
-- p21 = "admin"
-- p22 = "/."
-- p23 = "xmlrpc"
-- p24 = ".."
-- p25 = ".php"

-- windows of 1 minute
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_refused, f_failed, f_blocked, f_paths, f_newPaths, f_rarePath, f_queries, f_longestQuery, f_longestPath, f_depth, f_sent, f_posts, f_rareMethods, f_unlinked, f_agents, f_noAgent, f_sensitive
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(sumIf(event_repeats, 1)) AS f_requests,
toFloat64(sumIf(event_repeats, x0)) AS f_redirects,
toFloat64(sumIf(event_repeats, x1)) AS f_refused,
toFloat64(sumIf(event_repeats, x2)) AS f_failed,
toFloat64(sumIf(event_repeats, x3)) AS f_blocked,
toFloat64(uniqIf(x4, 1)) AS f_paths,
toFloat64(sumIf(toInt64(round(x5 * 1000)), 1) / greatest(countIf(1), 1) / 1000) AS f_rarePath,
toFloat64(uniqIf(x6, x7)) AS f_queries,
toFloat64(maxIf(x8, 1)) AS f_longestQuery,
toFloat64(maxIf(x9, 1)) AS f_longestPath,
toFloat64(maxIf(x10, 1)) AS f_depth,
toFloat64(sumIf(x11, 1)) AS f_sent,
toFloat64(sumIf(event_repeats, x12)) AS f_posts,
toFloat64(sumIf(event_repeats, x13)) AS f_rareMethods,
toFloat64(sumIf(event_repeats, x14)) AS f_unlinked,
toFloat64(uniqIf(x15, 1)) AS f_agents,
toFloat64(sumIf(event_repeats, x16)) AS f_noAgent,
toFloat64(sumIf(event_repeats, x17)) AS f_sensitive
FROM work_web_client_behaviour_facts
WHERE (e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC'))
GLOBAL IN (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
FROM work_web_client_behaviour_facts
GROUP BY e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
HAVING sum(event_repeats) >= {p1:Int64})
GROUP BY e0, window) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 60
-- p1 = 10

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_refused, f_failed, f_blocked, f_paths, f_newPaths, f_rarePath, f_queries, f_longestQuery, f_longestPath, f_depth, f_sent, f_posts, f_rareMethods, f_unlinked, f_agents, f_noAgent, f_sensitive
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(sumIf(event_repeats, 1)) AS f_requests,
toFloat64(sumIf(event_repeats, x0)) AS f_redirects,
toFloat64(sumIf(event_repeats, x1)) AS f_refused,
toFloat64(sumIf(event_repeats, x2)) AS f_failed,
toFloat64(sumIf(event_repeats, x3)) AS f_blocked,
toFloat64(uniqIf(x4, 1)) AS f_paths,
toFloat64(sumIf(toInt64(round(x5 * 1000)), 1) / greatest(countIf(1), 1) / 1000) AS f_rarePath,
toFloat64(uniqIf(x6, x7)) AS f_queries,
toFloat64(maxIf(x8, 1)) AS f_longestQuery,
toFloat64(maxIf(x9, 1)) AS f_longestPath,
toFloat64(maxIf(x10, 1)) AS f_depth,
toFloat64(sumIf(x11, 1)) AS f_sent,
toFloat64(sumIf(event_repeats, x12)) AS f_posts,
toFloat64(sumIf(event_repeats, x13)) AS f_rareMethods,
toFloat64(sumIf(event_repeats, x14)) AS f_unlinked,
toFloat64(uniqIf(x15, 1)) AS f_agents,
toFloat64(sumIf(event_repeats, x16)) AS f_noAgent,
toFloat64(sumIf(event_repeats, x17)) AS f_sensitive
FROM work_web_client_behaviour_facts
WHERE (e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC'))
GLOBAL IN (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
FROM work_web_client_behaviour_facts
GROUP BY e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
HAVING sum(event_repeats) >= {p1:Int64})
GROUP BY e0, window) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 600
-- p1 = 10

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_refused, f_failed, f_blocked, f_paths, f_newPaths, f_rarePath, f_queries, f_longestQuery, f_longestPath, f_depth, f_sent, f_posts, f_rareMethods, f_unlinked, f_agents, f_noAgent, f_sensitive
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(sumIf(event_repeats, 1)) AS f_requests,
toFloat64(sumIf(event_repeats, x0)) AS f_redirects,
toFloat64(sumIf(event_repeats, x1)) AS f_refused,
toFloat64(sumIf(event_repeats, x2)) AS f_failed,
toFloat64(sumIf(event_repeats, x3)) AS f_blocked,
toFloat64(uniqIf(x4, 1)) AS f_paths,
toFloat64(sumIf(toInt64(round(x5 * 1000)), 1) / greatest(countIf(1), 1) / 1000) AS f_rarePath,
toFloat64(uniqIf(x6, x7)) AS f_queries,
toFloat64(maxIf(x8, 1)) AS f_longestQuery,
toFloat64(maxIf(x9, 1)) AS f_longestPath,
toFloat64(maxIf(x10, 1)) AS f_depth,
toFloat64(sumIf(x11, 1)) AS f_sent,
toFloat64(sumIf(event_repeats, x12)) AS f_posts,
toFloat64(sumIf(event_repeats, x13)) AS f_rareMethods,
toFloat64(sumIf(event_repeats, x14)) AS f_unlinked,
toFloat64(uniqIf(x15, 1)) AS f_agents,
toFloat64(sumIf(event_repeats, x16)) AS f_noAgent,
toFloat64(sumIf(event_repeats, x17)) AS f_sensitive
FROM work_web_client_behaviour_facts
WHERE (e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC'))
GLOBAL IN (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
FROM work_web_client_behaviour_facts
GROUP BY e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
HAVING sum(event_repeats) >= {p1:Int64})
GROUP BY e0, window) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 3600
-- p1 = 10

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_refused, f_failed, f_blocked, f_paths, f_newPaths, f_rarePath, f_queries, f_longestQuery, f_longestPath, f_depth, f_sent, f_posts, f_rareMethods, f_unlinked, f_agents, f_noAgent, f_sensitive
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(sumIf(event_repeats, 1)) AS f_requests,
toFloat64(sumIf(event_repeats, x0)) AS f_redirects,
toFloat64(sumIf(event_repeats, x1)) AS f_refused,
toFloat64(sumIf(event_repeats, x2)) AS f_failed,
toFloat64(sumIf(event_repeats, x3)) AS f_blocked,
toFloat64(uniqIf(x4, 1)) AS f_paths,
toFloat64(sumIf(toInt64(round(x5 * 1000)), 1) / greatest(countIf(1), 1) / 1000) AS f_rarePath,
toFloat64(uniqIf(x6, x7)) AS f_queries,
toFloat64(maxIf(x8, 1)) AS f_longestQuery,
toFloat64(maxIf(x9, 1)) AS f_longestPath,
toFloat64(maxIf(x10, 1)) AS f_depth,
toFloat64(sumIf(x11, 1)) AS f_sent,
toFloat64(sumIf(event_repeats, x12)) AS f_posts,
toFloat64(sumIf(event_repeats, x13)) AS f_rareMethods,
toFloat64(sumIf(event_repeats, x14)) AS f_unlinked,
toFloat64(uniqIf(x15, 1)) AS f_agents,
toFloat64(sumIf(event_repeats, x16)) AS f_noAgent,
toFloat64(sumIf(event_repeats, x17)) AS f_sensitive
FROM work_web_client_behaviour_facts
GROUP BY e0, window) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 86400
