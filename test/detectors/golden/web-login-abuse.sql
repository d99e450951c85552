-- tallies
INSERT INTO work_web_login_abuse_tallies (e0, start, first, last, events, attempts_0, refused_0, shown_0, sizes_0, agents_0, paths_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS attempts_0,
sumIf(event_repeats, x0) AS refused_0,
sumIf(event_repeats, x1) AS shown_0,
arrayDistinct(groupArrayIf(x2, x1)) AS sizes_0,
arrayDistinct(groupArrayIf(x3, 1)) AS agents_0,
arrayDistinct(groupArrayIf(x4, 1)) AS paths_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt8(http_response_status_code IN ({p1:Int64}, {p2:Int64}, {p3:Int64}, {p4:Int64}, {p5:Int64}, {p6:Int64}, {p7:Int64}, {p8:Int64})) AS x0,
toUInt8(http_response_status_code = {p9:Int64}) AS x1,
toUInt64(cityHash64(http_response_bytes)) AS x2,
toUInt64(cityHash64(user_agent)) AS x3,
toUInt64(cityHash64(url_path)) AS x4
FROM events
WHERE (category = {p10:String} AND http_request_method IN ({p11:String}, {p12:String}) AND match(url_path, {p13:String})) AND timestamp >= fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p15:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 600
-- p1 = 400
-- p2 = 401
-- p3 = 403
-- p4 = 404
-- p5 = 409
-- p6 = 422
-- p7 = 423
-- p8 = 429
-- p9 = 200
-- p10 = "web"
-- p11 = "POST"
-- p12 = "PUT"
-- p13 = "(?i)log-?[io]n|sign-?[iu][np]|auth|session|token|passw|forgot|xmlrpc|register|/account|/users?$"
-- p14 = 1772409600000
-- p15 = 1772496000000

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_attempts, f_refused, f_refusedShare, f_shown, f_sizes, f_same, f_agents, f_perAgent, f_paths
FROM (SELECT *,
toFloat64(f_refused / (f_attempts + {p0:Int64})) AS f_refusedShare,
toFloat64(if(f_sizes = 0, 0, f_shown / f_sizes)) AS f_same,
toFloat64(if(f_agents = 0, 0, f_attempts / f_agents)) AS f_perAgent
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(attempts_0) AS f_attempts,
toFloat64(refused_0) AS f_refused,
toFloat64(shown_0) AS f_shown,
toFloat64(length(sizes_0)) AS f_sizes,
toFloat64(length(agents_0)) AS f_agents,
toFloat64(length(paths_0)) AS f_paths
FROM work_web_login_abuse_tallies AS t
WHERE events >= {p2:Int64}))
-- p0 = 5
-- p1 = 600
-- p2 = 1

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_attempts, f_refused, f_refusedShare, f_shown, f_sizes, f_same, f_agents, f_perAgent, f_paths
FROM (SELECT *,
toFloat64(f_refused / (f_attempts + {p0:Int64})) AS f_refusedShare,
toFloat64(if(f_sizes = 0, 0, f_shown / f_sizes)) AS f_same,
toFloat64(if(f_agents = 0, 0, f_attempts / f_agents)) AS f_perAgent
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(attempts_0)) AS f_attempts,
toFloat64(sum(refused_0)) AS f_refused,
toFloat64(sum(shown_0)) AS f_shown,
toFloat64(length(groupUniqArrayArray(sizes_0))) AS f_sizes,
toFloat64(length(groupUniqArrayArray(agents_0))) AS f_agents,
toFloat64(length(groupUniqArrayArray(paths_0))) AS f_paths
FROM work_web_login_abuse_tallies AS t
GROUP BY e0, window
HAVING events >= {p2:Int64}))
-- p0 = 5
-- p1 = 3600
-- p2 = 1
