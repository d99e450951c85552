-- value history work_web_client_behaviour_values_0
INSERT INTO work_web_client_behaviour_values_0 (value, e0, first, entities, size)
SELECT cityHash64(url_path) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip)) AS e0,
min(timestamp) AS first,
uniqCombined(12)(source_ip) AS entities, 0. AS size
FROM events
WHERE category = {p0:String} AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND 1
GROUP BY value
-- p0 = "web"
-- p1 = 1772409600000
-- p2 = 1772496000000

-- tallies
INSERT INTO work_web_client_behaviour_tallies (e0, start, first, last, events, requests_0, redirects_0, refused_0, failed_0, blocked_0, paths_0, rarePath_0, rarePath_1, queries_0, longestQuery_0, longestPath_0, depth_0, sent_0, posts_0, rareMethods_0, unlinked_0, agents_0, noAgent_0, sensitive_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS requests_0,
sumIf(event_repeats, x0) AS redirects_0,
sumIf(event_repeats, x1) AS refused_0,
sumIf(event_repeats, x2) AS failed_0,
sumIf(event_repeats, x3) AS blocked_0,
arrayDistinct(groupArrayIf(x4, 1)) AS paths_0,
sumIf(toInt64(round(x5 * 1000)), 1) AS rarePath_0,
countIf(1) AS rarePath_1,
arrayDistinct(groupArrayIf(x6, x7)) AS queries_0,
maxIf(x8, 1) AS longestQuery_0,
maxIf(x9, 1) AS longestPath_0,
maxIf(x10, 1) AS depth_0,
sumIf(x11, 1) AS sent_0,
sumIf(event_repeats, x12) AS posts_0,
sumIf(event_repeats, x13) AS rareMethods_0,
sumIf(event_repeats, x14) AS unlinked_0,
arrayDistinct(groupArrayIf(x15, 1)) AS agents_0,
sumIf(event_repeats, x16) AS noAgent_0,
sumIf(event_repeats, x17) AS sensitive_0
FROM (SELECT *,
toFloat64(round(log2(greatest((SELECT uniq(source_ip)
FROM events
WHERE category = {p1:String} AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::')), 1) / greatest(work_web_client_behaviour_values_0_entities, 1)), 3)) AS x5
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8(http_response_status_code BETWEEN {p4:Int64} AND {p5:Int64}) AS x0,
toUInt8(http_response_status_code BETWEEN {p6:Int64} AND {p7:Int64}) AS x1,
toUInt8(http_response_status_code BETWEEN {p8:Int64} AND {p9:Int64}) AS x2,
toUInt8(http_response_status_code IN ({p10:Int64}, {p11:Int64}, {p12:Int64}, {p13:Int64}, {p14:Int64}, {p15:Int64})) AS x3,
toUInt64(cityHash64(url_path)) AS x4,
toUInt64(cityHash64(url_query)) AS x6,
toUInt8(url_query != '') AS x7,
toFloat64(length(url_query)) AS x8,
toFloat64(length(url_path)) AS x9,
toFloat64(countSubstrings(url_path, {p16:String}) + 1) AS x10,
toFloat64(http_response_bytes) AS x11,
toUInt8(http_request_method = {p17:String}) AS x12,
toUInt8(NOT (http_request_method IN ({p18:String}, {p19:String}, {p17:String}, {p20:String}))) AS x13,
toUInt8(http_request_referrer = '') AS x14,
toUInt64(cityHash64(user_agent)) AS x15,
toUInt8(user_agent = '') AS x16,
toUInt8((position(url_path, {p21:String}) > 0 OR position(url_path, {p22:String}) > 0 OR position(url_path, {p23:String}) > 0 OR position(url_path, {p24:String}) > 0 OR position(url_path, {p25:String}) > 0 OR (endsWith(url_path, {p26:String}) AND http_response_status_code >= {p6:Int64}))) AS x17
FROM events
WHERE category = {p1:String} AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::')) AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_web_client_behaviour_values_0_value, entities AS work_web_client_behaviour_values_0_entities
FROM work_web_client_behaviour_values_0) AS work_web_client_behaviour_values_0 ON x4 = work_web_client_behaviour_values_0_value)
GROUP BY e0, start
-- p0 = 60
-- p1 = "web"
-- p2 = 1772409600000
-- p3 = 1772496000000
-- p4 = 300
-- p5 = 399
-- p6 = 400
-- p7 = 499
-- p8 = 500
-- p9 = 599
-- p10 = 401
-- p11 = 403
-- p12 = 405
-- p13 = 406
-- p14 = 418
-- p15 = 429
-- p16 = "/"
-- p17 = "POST"
-- p18 = "GET"
-- p19 = "HEAD"
-- p20 = "OPTIONS"
-- p21 = "login"
-- p22 = "admin"
-- p23 = "/."
-- p24 = "xmlrpc"
-- p25 = ".."
-- p26 = ".php"

-- windows of 1 minute
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_refused, f_failed, f_blocked, f_paths, f_newPaths, f_rarePath, f_queries, f_longestQuery, f_longestPath, f_depth, f_sent, f_posts, f_rareMethods, f_unlinked, f_agents, f_noAgent, f_sensitive
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(requests_0) AS f_requests,
toFloat64(redirects_0) AS f_redirects,
toFloat64(refused_0) AS f_refused,
toFloat64(failed_0) AS f_failed,
toFloat64(blocked_0) AS f_blocked,
toFloat64(length(paths_0)) AS f_paths,
toFloat64(rarePath_0 / greatest(rarePath_1, 1) / 1000) AS f_rarePath,
toFloat64(length(queries_0)) AS f_queries,
toFloat64(longestQuery_0) AS f_longestQuery,
toFloat64(longestPath_0) AS f_longestPath,
toFloat64(depth_0) AS f_depth,
toFloat64(sent_0) AS f_sent,
toFloat64(posts_0) AS f_posts,
toFloat64(rareMethods_0) AS f_rareMethods,
toFloat64(unlinked_0) AS f_unlinked,
toFloat64(length(agents_0)) AS f_agents,
toFloat64(noAgent_0) AS f_noAgent,
toFloat64(sensitive_0) AS f_sensitive
FROM work_web_client_behaviour_tallies AS t
WHERE events >= {p1:Int64}) AS l
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
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(requests_0)) AS f_requests,
toFloat64(sum(redirects_0)) AS f_redirects,
toFloat64(sum(refused_0)) AS f_refused,
toFloat64(sum(failed_0)) AS f_failed,
toFloat64(sum(blocked_0)) AS f_blocked,
toFloat64(length(arrayDistinct(groupArrayArray(paths_0)))) AS f_paths,
toFloat64(sum(rarePath_0) / greatest(sum(rarePath_1), 1) / 1000) AS f_rarePath,
toFloat64(length(arrayDistinct(groupArrayArray(queries_0)))) AS f_queries,
toFloat64(max(longestQuery_0)) AS f_longestQuery,
toFloat64(max(longestPath_0)) AS f_longestPath,
toFloat64(max(depth_0)) AS f_depth,
toFloat64(sum(sent_0)) AS f_sent,
toFloat64(sum(posts_0)) AS f_posts,
toFloat64(sum(rareMethods_0)) AS f_rareMethods,
toFloat64(sum(unlinked_0)) AS f_unlinked,
toFloat64(length(arrayDistinct(groupArrayArray(agents_0)))) AS f_agents,
toFloat64(sum(noAgent_0)) AS f_noAgent,
toFloat64(sum(sensitive_0)) AS f_sensitive
FROM work_web_client_behaviour_tallies AS t
GROUP BY e0, window
HAVING events >= {p1:Int64}) AS l
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
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(requests_0)) AS f_requests,
toFloat64(sum(redirects_0)) AS f_redirects,
toFloat64(sum(refused_0)) AS f_refused,
toFloat64(sum(failed_0)) AS f_failed,
toFloat64(sum(blocked_0)) AS f_blocked,
toFloat64(length(arrayDistinct(groupArrayArray(paths_0)))) AS f_paths,
toFloat64(sum(rarePath_0) / greatest(sum(rarePath_1), 1) / 1000) AS f_rarePath,
toFloat64(length(arrayDistinct(groupArrayArray(queries_0)))) AS f_queries,
toFloat64(max(longestQuery_0)) AS f_longestQuery,
toFloat64(max(longestPath_0)) AS f_longestPath,
toFloat64(max(depth_0)) AS f_depth,
toFloat64(sum(sent_0)) AS f_sent,
toFloat64(sum(posts_0)) AS f_posts,
toFloat64(sum(rareMethods_0)) AS f_rareMethods,
toFloat64(sum(unlinked_0)) AS f_unlinked,
toFloat64(length(arrayDistinct(groupArrayArray(agents_0)))) AS f_agents,
toFloat64(sum(noAgent_0)) AS f_noAgent,
toFloat64(sum(sensitive_0)) AS f_sensitive
FROM work_web_client_behaviour_tallies AS t
GROUP BY e0, window
HAVING events >= {p1:Int64}) AS l
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
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(requests_0)) AS f_requests,
toFloat64(sum(redirects_0)) AS f_redirects,
toFloat64(sum(refused_0)) AS f_refused,
toFloat64(sum(failed_0)) AS f_failed,
toFloat64(sum(blocked_0)) AS f_blocked,
toFloat64(length(arrayDistinct(groupArrayArray(paths_0)))) AS f_paths,
toFloat64(sum(rarePath_0) / greatest(sum(rarePath_1), 1) / 1000) AS f_rarePath,
toFloat64(length(arrayDistinct(groupArrayArray(queries_0)))) AS f_queries,
toFloat64(max(longestQuery_0)) AS f_longestQuery,
toFloat64(max(longestPath_0)) AS f_longestPath,
toFloat64(max(depth_0)) AS f_depth,
toFloat64(sum(sent_0)) AS f_sent,
toFloat64(sum(posts_0)) AS f_posts,
toFloat64(sum(rareMethods_0)) AS f_rareMethods,
toFloat64(sum(unlinked_0)) AS f_unlinked,
toFloat64(length(arrayDistinct(groupArrayArray(agents_0)))) AS f_agents,
toFloat64(sum(noAgent_0)) AS f_noAgent,
toFloat64(sum(sensitive_0)) AS f_sensitive
FROM work_web_client_behaviour_tallies AS t
GROUP BY e0, window
HAVING events >= {p1:Int64}) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 86400
-- p1 = 1
