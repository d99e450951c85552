-- value history work_web_client_behaviour_values_0
INSERT INTO work_web_client_behaviour_values_0 (value, e0, first, entities, size)
SELECT cityHash64(url_path) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip)) AS e0,
min(timestamp) AS first,
uniqCombined(12)(source_ip) AS entities, 0. AS size
FROM events
WHERE category = {p0:String} AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND http_response_status_code BETWEEN {p3:Int64} AND {p4:Int64}
GROUP BY value
-- p0 = "web"
-- p1 = 1772409600000
-- p2 = 1772496000000
-- p3 = 400
-- p4 = 499

-- value history work_web_client_behaviour_values_1
INSERT INTO work_web_client_behaviour_values_1 (value, e0, first, entities, size)
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
INSERT INTO work_web_client_behaviour_tallies (e0, start, first, last, events, requests_0, redirects_0, refused_0, failed_0, paths_0, rarePath_0, rarePath_1, queries_0, longestQuery_0, longestPath_0, depth_0, posts_0, rareMethods_0, unlinked_0, agents_0, noAgent_0, sensitive_0)
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
arrayDistinct(groupArrayIf(x3, 1)) AS paths_0,
sumIf(toInt64(round(x4 * 1000)), 1) AS rarePath_0,
countIf(1) AS rarePath_1,
arrayDistinct(groupArrayIf(x5, x6)) AS queries_0,
maxIf(x7, 1) AS longestQuery_0,
maxIf(x8, 1) AS longestPath_0,
maxIf(x9, 1) AS depth_0,
sumIf(event_repeats, x10) AS posts_0,
sumIf(event_repeats, x11) AS rareMethods_0,
sumIf(event_repeats, x12) AS unlinked_0,
arrayDistinct(groupArrayIf(x13, 1)) AS agents_0,
sumIf(event_repeats, x14) AS noAgent_0,
sumIf(event_repeats, x15) AS sensitive_0
FROM (SELECT *,
toFloat64(round(log2(greatest((SELECT uniq(source_ip)
FROM events
WHERE category = {p1:String} AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::')), 1) / greatest(work_web_client_behaviour_values_1_entities, 1)), 3)) AS x4
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8(http_response_status_code BETWEEN {p4:Int64} AND {p5:Int64}) AS x0,
toUInt8(http_response_status_code BETWEEN {p6:Int64} AND {p7:Int64}) AS x1,
toUInt8(http_response_status_code BETWEEN {p8:Int64} AND {p9:Int64}) AS x2,
toUInt64(cityHash64(url_path)) AS x3,
toUInt64(cityHash64(url_query)) AS x5,
toUInt8(url_query != '') AS x6,
toFloat64(length(url_query)) AS x7,
toFloat64(length(url_path)) AS x8,
toFloat64(countSubstrings(url_path, {p10:String}) + 1) AS x9,
toUInt8(http_request_method = {p11:String}) AS x10,
toUInt8(NOT (http_request_method IN ({p12:String}, {p13:String}, {p11:String}, {p14:String}))) AS x11,
toUInt8(http_request_referrer = '') AS x12,
toUInt64(cityHash64(user_agent)) AS x13,
toUInt8(user_agent = '') AS x14,
toUInt8((position(url_path, {p15:String}) > 0 OR position(url_path, {p16:String}) > 0 OR position(url_path, {p17:String}) > 0 OR position(url_path, {p18:String}) > 0 OR position(url_path, {p19:String}) > 0 OR (endsWith(url_path, {p20:String}) AND http_response_status_code >= {p6:Int64}))) AS x15
FROM events
WHERE category = {p1:String} AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::')) AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_web_client_behaviour_values_1_value, entities AS work_web_client_behaviour_values_1_entities
FROM work_web_client_behaviour_values_1) AS work_web_client_behaviour_values_1 ON x3 = work_web_client_behaviour_values_1_value)
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
-- p10 = "/"
-- p11 = "POST"
-- p12 = "GET"
-- p13 = "HEAD"
-- p14 = "OPTIONS"
-- p15 = "login"
-- p16 = "admin"
-- p17 = "/."
-- p18 = "xmlrpc"
-- p19 = ".."
-- p20 = ".php"

-- windows of 1 minute
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_redirectShare, f_refused, f_refusedShare, f_newRefused, f_failed, f_failedShare, f_paths, f_newPaths, f_rarePath, f_queries, f_queryShare, f_longestQuery, f_longestPath, f_depth, f_posts, f_postShare, f_rareMethods, f_unlinked, f_unlinkedShare, f_agents, f_agentShare, f_noAgent, f_sensitive, f_sensitiveShare
FROM (SELECT *,
toFloat64(f_redirects / (f_requests + {p0:Int64})) AS f_redirectShare,
toFloat64(f_refused / (f_requests + {p1:Int64})) AS f_refusedShare,
toFloat64(f_failed / (f_requests + {p0:Int64})) AS f_failedShare,
toFloat64(f_queries / (f_requests + {p0:Int64})) AS f_queryShare,
toFloat64(f_posts / (f_requests + {p0:Int64})) AS f_postShare,
toFloat64(f_unlinked / (f_requests + {p0:Int64})) AS f_unlinkedShare,
toFloat64(f_agents / (f_requests + {p0:Int64})) AS f_agentShare,
toFloat64(f_sensitive / (f_requests + {p0:Int64})) AS f_sensitiveShare
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT l.*,
toFloat64(firsts) AS f_newRefused
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p2:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(requests_0) AS f_requests,
toFloat64(redirects_0) AS f_redirects,
toFloat64(refused_0) AS f_refused,
toFloat64(failed_0) AS f_failed,
toFloat64(length(paths_0)) AS f_paths,
toFloat64(rarePath_0 / greatest(rarePath_1, 1) / 1000) AS f_rarePath,
toFloat64(length(queries_0)) AS f_queries,
toFloat64(longestQuery_0) AS f_longestQuery,
toFloat64(longestPath_0) AS f_longestPath,
toFloat64(depth_0) AS f_depth,
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
toIntervalSecond({p2:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window)) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_1
GROUP BY e0, window) AS r USING (e0, window)))
-- p0 = 10
-- p1 = 5
-- p2 = 60

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_redirectShare, f_refused, f_refusedShare, f_newRefused, f_failed, f_failedShare, f_paths, f_newPaths, f_rarePath, f_queries, f_queryShare, f_longestQuery, f_longestPath, f_depth, f_posts, f_postShare, f_rareMethods, f_unlinked, f_unlinkedShare, f_agents, f_agentShare, f_noAgent, f_sensitive, f_sensitiveShare
FROM (SELECT *,
toFloat64(f_redirects / (f_requests + {p0:Int64})) AS f_redirectShare,
toFloat64(f_refused / (f_requests + {p1:Int64})) AS f_refusedShare,
toFloat64(f_failed / (f_requests + {p0:Int64})) AS f_failedShare,
toFloat64(f_queries / (f_requests + {p0:Int64})) AS f_queryShare,
toFloat64(f_posts / (f_requests + {p0:Int64})) AS f_postShare,
toFloat64(f_unlinked / (f_requests + {p0:Int64})) AS f_unlinkedShare,
toFloat64(f_agents / (f_requests + {p0:Int64})) AS f_agentShare,
toFloat64(f_sensitive / (f_requests + {p0:Int64})) AS f_sensitiveShare
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT l.*,
toFloat64(firsts) AS f_newRefused
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(requests_0)) AS f_requests,
toFloat64(sum(redirects_0)) AS f_redirects,
toFloat64(sum(refused_0)) AS f_refused,
toFloat64(sum(failed_0)) AS f_failed,
toFloat64(length(arrayDistinct(groupArrayArray(paths_0)))) AS f_paths,
toFloat64(sum(rarePath_0) / greatest(sum(rarePath_1), 1) / 1000) AS f_rarePath,
toFloat64(length(arrayDistinct(groupArrayArray(queries_0)))) AS f_queries,
toFloat64(max(longestQuery_0)) AS f_longestQuery,
toFloat64(max(longestPath_0)) AS f_longestPath,
toFloat64(max(depth_0)) AS f_depth,
toFloat64(sum(posts_0)) AS f_posts,
toFloat64(sum(rareMethods_0)) AS f_rareMethods,
toFloat64(sum(unlinked_0)) AS f_unlinked,
toFloat64(length(arrayDistinct(groupArrayArray(agents_0)))) AS f_agents,
toFloat64(sum(noAgent_0)) AS f_noAgent,
toFloat64(sum(sensitive_0)) AS f_sensitive
FROM work_web_client_behaviour_tallies AS t
GROUP BY e0, window
HAVING events >= {p3:Int64}) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window)) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_1
GROUP BY e0, window) AS r USING (e0, window)))
-- p0 = 10
-- p1 = 5
-- p2 = 600
-- p3 = 3

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_redirectShare, f_refused, f_refusedShare, f_newRefused, f_failed, f_failedShare, f_paths, f_newPaths, f_rarePath, f_queries, f_queryShare, f_longestQuery, f_longestPath, f_depth, f_posts, f_postShare, f_rareMethods, f_unlinked, f_unlinkedShare, f_agents, f_agentShare, f_noAgent, f_sensitive, f_sensitiveShare
FROM (SELECT *,
toFloat64(f_redirects / (f_requests + {p0:Int64})) AS f_redirectShare,
toFloat64(f_refused / (f_requests + {p1:Int64})) AS f_refusedShare,
toFloat64(f_failed / (f_requests + {p0:Int64})) AS f_failedShare,
toFloat64(f_queries / (f_requests + {p0:Int64})) AS f_queryShare,
toFloat64(f_posts / (f_requests + {p0:Int64})) AS f_postShare,
toFloat64(f_unlinked / (f_requests + {p0:Int64})) AS f_unlinkedShare,
toFloat64(f_agents / (f_requests + {p0:Int64})) AS f_agentShare,
toFloat64(f_sensitive / (f_requests + {p0:Int64})) AS f_sensitiveShare
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT l.*,
toFloat64(firsts) AS f_newRefused
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(requests_0)) AS f_requests,
toFloat64(sum(redirects_0)) AS f_redirects,
toFloat64(sum(refused_0)) AS f_refused,
toFloat64(sum(failed_0)) AS f_failed,
toFloat64(length(groupUniqArrayArray(paths_0))) AS f_paths,
toFloat64(sum(rarePath_0) / greatest(sum(rarePath_1), 1) / 1000) AS f_rarePath,
toFloat64(length(groupUniqArrayArray(queries_0))) AS f_queries,
toFloat64(max(longestQuery_0)) AS f_longestQuery,
toFloat64(max(longestPath_0)) AS f_longestPath,
toFloat64(max(depth_0)) AS f_depth,
toFloat64(sum(posts_0)) AS f_posts,
toFloat64(sum(rareMethods_0)) AS f_rareMethods,
toFloat64(sum(unlinked_0)) AS f_unlinked,
toFloat64(length(groupUniqArrayArray(agents_0))) AS f_agents,
toFloat64(sum(noAgent_0)) AS f_noAgent,
toFloat64(sum(sensitive_0)) AS f_sensitive
FROM work_web_client_behaviour_tallies AS t
GROUP BY e0, window
HAVING events >= {p3:Int64}) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window)) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_1
GROUP BY e0, window) AS r USING (e0, window)))
-- p0 = 10
-- p1 = 5
-- p2 = 3600
-- p3 = 3

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_redirectShare, f_refused, f_refusedShare, f_newRefused, f_failed, f_failedShare, f_paths, f_newPaths, f_rarePath, f_queries, f_queryShare, f_longestQuery, f_longestPath, f_depth, f_posts, f_postShare, f_rareMethods, f_unlinked, f_unlinkedShare, f_agents, f_agentShare, f_noAgent, f_sensitive, f_sensitiveShare
FROM (SELECT *,
toFloat64(f_redirects / (f_requests + {p0:Int64})) AS f_redirectShare,
toFloat64(f_refused / (f_requests + {p1:Int64})) AS f_refusedShare,
toFloat64(f_failed / (f_requests + {p0:Int64})) AS f_failedShare,
toFloat64(f_queries / (f_requests + {p0:Int64})) AS f_queryShare,
toFloat64(f_posts / (f_requests + {p0:Int64})) AS f_postShare,
toFloat64(f_unlinked / (f_requests + {p0:Int64})) AS f_unlinkedShare,
toFloat64(f_agents / (f_requests + {p0:Int64})) AS f_agentShare,
toFloat64(f_sensitive / (f_requests + {p0:Int64})) AS f_sensitiveShare
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT l.*,
toFloat64(firsts) AS f_newRefused
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(requests_0)) AS f_requests,
toFloat64(sum(redirects_0)) AS f_redirects,
toFloat64(sum(refused_0)) AS f_refused,
toFloat64(sum(failed_0)) AS f_failed,
toFloat64(length(groupUniqArrayArray(paths_0))) AS f_paths,
toFloat64(sum(rarePath_0) / greatest(sum(rarePath_1), 1) / 1000) AS f_rarePath,
toFloat64(length(groupUniqArrayArray(queries_0))) AS f_queries,
toFloat64(max(longestQuery_0)) AS f_longestQuery,
toFloat64(max(longestPath_0)) AS f_longestPath,
toFloat64(max(depth_0)) AS f_depth,
toFloat64(sum(posts_0)) AS f_posts,
toFloat64(sum(rareMethods_0)) AS f_rareMethods,
toFloat64(sum(unlinked_0)) AS f_unlinked,
toFloat64(length(groupUniqArrayArray(agents_0))) AS f_agents,
toFloat64(sum(noAgent_0)) AS f_noAgent,
toFloat64(sum(sensitive_0)) AS f_sensitive
FROM work_web_client_behaviour_tallies AS t
GROUP BY e0, window
HAVING events >= {p3:Int64}) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window)) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_1
GROUP BY e0, window) AS r USING (e0, window)))
-- p0 = 10
-- p1 = 5
-- p2 = 86400
-- p3 = 1
