-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_users, f_failures, f_triesPerUser
FROM (SELECT *,
toFloat64(if(f_users = 0, 0, f_failures / f_users)) AS f_triesPerUser
FROM (SELECT source_ip AS e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(uniqIf((user_name), event_outcome = {p1:String})) AS f_users,
toFloat64(sumIf(event_repeats, event_outcome = {p1:String})) AS f_failures
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::')
GROUP BY e0, window))
-- p0 = 3600
-- p1 = "failure"
-- p2 = "auth"
-- p3 = "login"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_users, f_failures, f_triesPerUser
FROM (SELECT *,
toFloat64(if(f_users = 0, 0, f_failures / f_users)) AS f_triesPerUser
FROM (SELECT source_ip AS e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
toFloat64(uniqIf((user_name), event_outcome = {p1:String})) AS f_users,
toFloat64(sumIf(event_repeats, event_outcome = {p1:String})) AS f_failures
FROM events
WHERE (category = {p2:String} AND event_action = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::')
GROUP BY e0, window))
-- p0 = 86400
-- p1 = "failure"
-- p2 = "auth"
-- p3 = "login"
-- p4 = 1772409600000
-- p5 = 1772496000000
