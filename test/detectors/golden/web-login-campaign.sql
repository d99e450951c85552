-- tallies
INSERT INTO work_web_login_campaign_tallies (e0, start, first, last, events, attempts_0, clients_0, refused_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS attempts_0,
arrayDistinct(groupArrayIf(x0, 1)) AS clients_0,
sumIf(event_repeats, x1) AS refused_0
FROM (SELECT url_path AS e0, timestamp, event_repeats,
toUInt64(cityHash64(source_ip)) AS x0,
toUInt8(http_response_status_code IN ({p1:Int64}, {p2:Int64}, {p3:Int64}, {p4:Int64}, {p5:Int64}, {p6:Int64}, {p7:Int64}, {p8:Int64})) AS x1
FROM events
WHERE (category = {p9:String} AND http_request_method IN ({p10:String}, {p11:String}) AND match(url_path, {p12:String})) AND timestamp >= fromUnixTimestamp64Milli({p13:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND url_path != '')
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
-- p9 = "web"
-- p10 = "POST"
-- p11 = "PUT"
-- p12 = "(?i)log-?[io]n|sign-?[iu][np]|auth|session|token|passw|forgot|xmlrpc|register|/account|/users?$"
-- p13 = 1772409600000
-- p14 = 1772496000000

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_attempts, f_clients, f_refused, f_refusedShare, f_before, f_sudden
FROM (SELECT *,
toFloat64(f_refused / (f_before + {p0:Int64})) AS f_sudden
FROM (SELECT *,
toFloat64(f_refused / (f_attempts + {p1:Int64})) AS f_refusedShare,
toFloat64(sum(f_refused) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_before
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p2:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(attempts_0) AS f_attempts,
toFloat64(length(clients_0)) AS f_clients,
toFloat64(refused_0) AS f_refused
FROM work_web_login_campaign_tallies AS t
WHERE events >= {p3:Int64})))
-- p0 = 20
-- p1 = 10
-- p2 = 600
-- p3 = 1

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_attempts, f_clients, f_refused, f_refusedShare, f_before, f_sudden
FROM (SELECT *,
toFloat64(f_refused / (f_before + {p0:Int64})) AS f_sudden
FROM (SELECT *,
toFloat64(f_refused / (f_attempts + {p1:Int64})) AS f_refusedShare,
toFloat64(sum(f_refused) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_before
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p2:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(sum(attempts_0)) AS f_attempts,
toFloat64(length(groupUniqArrayArray(clients_0))) AS f_clients,
toFloat64(sum(refused_0)) AS f_refused
FROM work_web_login_campaign_tallies AS t
GROUP BY e0, window
HAVING events >= {p3:Int64})))
-- p0 = 20
-- p1 = 10
-- p2 = 3600
-- p3 = 1
