-- value history work_web_client_behaviour_values_0
INSERT INTO work_web_client_behaviour_values_0 (value, e0, first, entities)
SELECT cityHash64(url_path) AS value,
argMin(source_ip, (timestamp, source_ip)) AS e0,
min(timestamp) AS first,
uniq(source_ip) AS entities
FROM events
WHERE category = {p0:String} AND timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND source_ip != toIPv6('::') AND 1
GROUP BY value
-- p0 = "web"
-- p1 = 1772409600000
-- p2 = 1772496000000

-- windows of 1 minute
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_refused, f_failed, f_blocked, f_paths, f_newPaths, f_rarePath, f_queries, f_longestQuery, f_longestPath, f_depth, f_sent, f_posts, f_rareMethods, f_unlinked, f_agents, f_noAgent, f_sensitive
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT source_ip AS e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(sumIf(event_repeats, 1)) AS f_requests,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p1:Int64} AND {p2:Int64})) AS f_redirects,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p3:Int64} AND {p4:Int64})) AS f_refused,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p5:Int64} AND {p6:Int64})) AS f_failed,
toFloat64(sumIf(event_repeats, http_response_status_code IN ({p7:Int64}, {p8:Int64}, {p9:Int64}, {p10:Int64}, {p11:Int64}, {p12:Int64}))) AS f_blocked,
toFloat64(uniqIf((url_path), 1)) AS f_paths,
toFloat64(sumIf(toInt64(round(round(log2(greatest((SELECT uniq(source_ip)
FROM events
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::')), 1) / greatest(work_web_client_behaviour_values_0_entities, 1)), 3) * 1000)), 1) / greatest(countIf(1), 1) / 1000) AS f_rarePath,
toFloat64(uniqIf((url_query), url_query != '')) AS f_queries,
toFloat64(maxIf(length(url_query), 1)) AS f_longestQuery,
toFloat64(maxIf(length(url_path), 1)) AS f_longestPath,
toFloat64(maxIf(length(splitByString({p16:String}, url_path)), 1)) AS f_depth,
toFloat64(sumIf(http_response_bytes, 1)) AS f_sent,
toFloat64(sumIf(event_repeats, http_request_method = {p17:String})) AS f_posts,
toFloat64(sumIf(event_repeats, NOT (http_request_method IN ({p18:String}, {p19:String}, {p17:String}, {p20:String})))) AS f_rareMethods,
toFloat64(sumIf(event_repeats, http_request_referrer = '')) AS f_unlinked,
toFloat64(uniqIf((user_agent), 1)) AS f_agents,
toFloat64(sumIf(event_repeats, user_agent = '')) AS f_noAgent,
toFloat64(sumIf(event_repeats, (position(url_path, {p21:String}) > 0 OR position(url_path, {p22:String}) > 0 OR position(url_path, {p23:String}) > 0 OR position(url_path, {p24:String}) > 0 OR position(url_path, {p25:String}) > 0 OR (endsWith(url_path, {p26:String}) AND http_response_status_code >= {p3:Int64})))) AS f_sensitive
FROM events
GLOBAL ANY LEFT JOIN (SELECT value AS work_web_client_behaviour_values_0_value, entities AS work_web_client_behaviour_values_0_entities
FROM work_web_client_behaviour_values_0) AS work_web_client_behaviour_values_0 ON cityHash64(url_path) = work_web_client_behaviour_values_0_value
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::') AND (source_ip,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC'))
GLOBAL IN (SELECT source_ip,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
FROM events
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::')
GROUP BY source_ip,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
HAVING sum(event_repeats) >= {p27:Int64})
GROUP BY e0, window) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 60
-- p1 = 300
-- p2 = 399
-- p3 = 400
-- p4 = 499
-- p5 = 500
-- p6 = 599
-- p7 = 401
-- p8 = 403
-- p9 = 405
-- p10 = 406
-- p11 = 418
-- p12 = 429
-- p13 = "web"
-- p14 = 1772409600000
-- p15 = 1772496000000
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
-- p27 = 10

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_refused, f_failed, f_blocked, f_paths, f_newPaths, f_rarePath, f_queries, f_longestQuery, f_longestPath, f_depth, f_sent, f_posts, f_rareMethods, f_unlinked, f_agents, f_noAgent, f_sensitive
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT source_ip AS e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(sumIf(event_repeats, 1)) AS f_requests,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p1:Int64} AND {p2:Int64})) AS f_redirects,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p3:Int64} AND {p4:Int64})) AS f_refused,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p5:Int64} AND {p6:Int64})) AS f_failed,
toFloat64(sumIf(event_repeats, http_response_status_code IN ({p7:Int64}, {p8:Int64}, {p9:Int64}, {p10:Int64}, {p11:Int64}, {p12:Int64}))) AS f_blocked,
toFloat64(uniqIf((url_path), 1)) AS f_paths,
toFloat64(sumIf(toInt64(round(round(log2(greatest((SELECT uniq(source_ip)
FROM events
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::')), 1) / greatest(work_web_client_behaviour_values_0_entities, 1)), 3) * 1000)), 1) / greatest(countIf(1), 1) / 1000) AS f_rarePath,
toFloat64(uniqIf((url_query), url_query != '')) AS f_queries,
toFloat64(maxIf(length(url_query), 1)) AS f_longestQuery,
toFloat64(maxIf(length(url_path), 1)) AS f_longestPath,
toFloat64(maxIf(length(splitByString({p16:String}, url_path)), 1)) AS f_depth,
toFloat64(sumIf(http_response_bytes, 1)) AS f_sent,
toFloat64(sumIf(event_repeats, http_request_method = {p17:String})) AS f_posts,
toFloat64(sumIf(event_repeats, NOT (http_request_method IN ({p18:String}, {p19:String}, {p17:String}, {p20:String})))) AS f_rareMethods,
toFloat64(sumIf(event_repeats, http_request_referrer = '')) AS f_unlinked,
toFloat64(uniqIf((user_agent), 1)) AS f_agents,
toFloat64(sumIf(event_repeats, user_agent = '')) AS f_noAgent,
toFloat64(sumIf(event_repeats, (position(url_path, {p21:String}) > 0 OR position(url_path, {p22:String}) > 0 OR position(url_path, {p23:String}) > 0 OR position(url_path, {p24:String}) > 0 OR position(url_path, {p25:String}) > 0 OR (endsWith(url_path, {p26:String}) AND http_response_status_code >= {p3:Int64})))) AS f_sensitive
FROM events
GLOBAL ANY LEFT JOIN (SELECT value AS work_web_client_behaviour_values_0_value, entities AS work_web_client_behaviour_values_0_entities
FROM work_web_client_behaviour_values_0) AS work_web_client_behaviour_values_0 ON cityHash64(url_path) = work_web_client_behaviour_values_0_value
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::') AND (source_ip,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC'))
GLOBAL IN (SELECT source_ip,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
FROM events
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::')
GROUP BY source_ip,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
HAVING sum(event_repeats) >= {p27:Int64})
GROUP BY e0, window) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 600
-- p1 = 300
-- p2 = 399
-- p3 = 400
-- p4 = 499
-- p5 = 500
-- p6 = 599
-- p7 = 401
-- p8 = 403
-- p9 = 405
-- p10 = 406
-- p11 = 418
-- p12 = 429
-- p13 = "web"
-- p14 = 1772409600000
-- p15 = 1772496000000
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
-- p27 = 10

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_refused, f_failed, f_blocked, f_paths, f_newPaths, f_rarePath, f_queries, f_longestQuery, f_longestPath, f_depth, f_sent, f_posts, f_rareMethods, f_unlinked, f_agents, f_noAgent, f_sensitive
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT source_ip AS e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(sumIf(event_repeats, 1)) AS f_requests,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p1:Int64} AND {p2:Int64})) AS f_redirects,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p3:Int64} AND {p4:Int64})) AS f_refused,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p5:Int64} AND {p6:Int64})) AS f_failed,
toFloat64(sumIf(event_repeats, http_response_status_code IN ({p7:Int64}, {p8:Int64}, {p9:Int64}, {p10:Int64}, {p11:Int64}, {p12:Int64}))) AS f_blocked,
toFloat64(uniqIf((url_path), 1)) AS f_paths,
toFloat64(sumIf(toInt64(round(round(log2(greatest((SELECT uniq(source_ip)
FROM events
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::')), 1) / greatest(work_web_client_behaviour_values_0_entities, 1)), 3) * 1000)), 1) / greatest(countIf(1), 1) / 1000) AS f_rarePath,
toFloat64(uniqIf((url_query), url_query != '')) AS f_queries,
toFloat64(maxIf(length(url_query), 1)) AS f_longestQuery,
toFloat64(maxIf(length(url_path), 1)) AS f_longestPath,
toFloat64(maxIf(length(splitByString({p16:String}, url_path)), 1)) AS f_depth,
toFloat64(sumIf(http_response_bytes, 1)) AS f_sent,
toFloat64(sumIf(event_repeats, http_request_method = {p17:String})) AS f_posts,
toFloat64(sumIf(event_repeats, NOT (http_request_method IN ({p18:String}, {p19:String}, {p17:String}, {p20:String})))) AS f_rareMethods,
toFloat64(sumIf(event_repeats, http_request_referrer = '')) AS f_unlinked,
toFloat64(uniqIf((user_agent), 1)) AS f_agents,
toFloat64(sumIf(event_repeats, user_agent = '')) AS f_noAgent,
toFloat64(sumIf(event_repeats, (position(url_path, {p21:String}) > 0 OR position(url_path, {p22:String}) > 0 OR position(url_path, {p23:String}) > 0 OR position(url_path, {p24:String}) > 0 OR position(url_path, {p25:String}) > 0 OR (endsWith(url_path, {p26:String}) AND http_response_status_code >= {p3:Int64})))) AS f_sensitive
FROM events
GLOBAL ANY LEFT JOIN (SELECT value AS work_web_client_behaviour_values_0_value, entities AS work_web_client_behaviour_values_0_entities
FROM work_web_client_behaviour_values_0) AS work_web_client_behaviour_values_0 ON cityHash64(url_path) = work_web_client_behaviour_values_0_value
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::') AND (source_ip,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC'))
GLOBAL IN (SELECT source_ip,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
FROM events
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::')
GROUP BY source_ip,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC')
HAVING sum(event_repeats) >= {p27:Int64})
GROUP BY e0, window) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 3600
-- p1 = 300
-- p2 = 399
-- p3 = 400
-- p4 = 499
-- p5 = 500
-- p6 = 599
-- p7 = 401
-- p8 = 403
-- p9 = 405
-- p10 = 406
-- p11 = 418
-- p12 = 429
-- p13 = "web"
-- p14 = 1772409600000
-- p15 = 1772496000000
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
-- p27 = 10

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_requests, f_redirects, f_refused, f_failed, f_blocked, f_paths, f_newPaths, f_rarePath, f_queries, f_longestQuery, f_longestPath, f_depth, f_sent, f_posts, f_rareMethods, f_unlinked, f_agents, f_noAgent, f_sensitive
FROM (SELECT l.*,
toFloat64(firsts) AS f_newPaths
FROM (SELECT source_ip AS e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(sumIf(event_repeats, 1)) AS f_requests,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p1:Int64} AND {p2:Int64})) AS f_redirects,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p3:Int64} AND {p4:Int64})) AS f_refused,
toFloat64(sumIf(event_repeats, http_response_status_code BETWEEN {p5:Int64} AND {p6:Int64})) AS f_failed,
toFloat64(sumIf(event_repeats, http_response_status_code IN ({p7:Int64}, {p8:Int64}, {p9:Int64}, {p10:Int64}, {p11:Int64}, {p12:Int64}))) AS f_blocked,
toFloat64(uniqIf((url_path), 1)) AS f_paths,
toFloat64(sumIf(toInt64(round(round(log2(greatest((SELECT uniq(source_ip)
FROM events
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::')), 1) / greatest(work_web_client_behaviour_values_0_entities, 1)), 3) * 1000)), 1) / greatest(countIf(1), 1) / 1000) AS f_rarePath,
toFloat64(uniqIf((url_query), url_query != '')) AS f_queries,
toFloat64(maxIf(length(url_query), 1)) AS f_longestQuery,
toFloat64(maxIf(length(url_path), 1)) AS f_longestPath,
toFloat64(maxIf(length(splitByString({p16:String}, url_path)), 1)) AS f_depth,
toFloat64(sumIf(http_response_bytes, 1)) AS f_sent,
toFloat64(sumIf(event_repeats, http_request_method = {p17:String})) AS f_posts,
toFloat64(sumIf(event_repeats, NOT (http_request_method IN ({p18:String}, {p19:String}, {p17:String}, {p20:String})))) AS f_rareMethods,
toFloat64(sumIf(event_repeats, http_request_referrer = '')) AS f_unlinked,
toFloat64(uniqIf((user_agent), 1)) AS f_agents,
toFloat64(sumIf(event_repeats, user_agent = '')) AS f_noAgent,
toFloat64(sumIf(event_repeats, (position(url_path, {p21:String}) > 0 OR position(url_path, {p22:String}) > 0 OR position(url_path, {p23:String}) > 0 OR position(url_path, {p24:String}) > 0 OR position(url_path, {p25:String}) > 0 OR (endsWith(url_path, {p26:String}) AND http_response_status_code >= {p3:Int64})))) AS f_sensitive
FROM events
GLOBAL ANY LEFT JOIN (SELECT value AS work_web_client_behaviour_values_0_value, entities AS work_web_client_behaviour_values_0_entities
FROM work_web_client_behaviour_values_0) AS work_web_client_behaviour_values_0 ON cityHash64(url_path) = work_web_client_behaviour_values_0_value
WHERE category = {p13:String} AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::')
GROUP BY e0, window) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_web_client_behaviour_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 86400
-- p1 = 300
-- p2 = 399
-- p3 = 400
-- p4 = 499
-- p5 = 500
-- p6 = 599
-- p7 = 401
-- p8 = 403
-- p9 = 405
-- p10 = 406
-- p11 = 418
-- p12 = 429
-- p13 = "web"
-- p14 = 1772409600000
-- p15 = 1772496000000
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
