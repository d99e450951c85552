-- moments work_impossible_travel_moments_0
INSERT INTO work_impossible_travel_moments_0 (e0, at, distance, speed)
SELECT e0, at, distance, speed
FROM (SELECT e0, ms AS at,
round(max(distance)) AS distance,
round(max(speed)) AS speed
FROM (SELECT *,
sum(new_user) OVER (PARTITION BY exit ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) - sum(new_user) OVER (PARTITION BY exit, who ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS users,
sum(new_partner) OVER (PARTITION BY exit ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS partners
FROM (SELECT *,
row_number() OVER (PARTITION BY exit, who ORDER BY taught DESC, ms, partner) = 1 AND taught = 1 AS new_user,
row_number() OVER (PARTITION BY exit, partner ORDER BY taught DESC, ms, who) = 1 AND taught = 1 AS new_partner
FROM (SELECT *,
arrayJoin([(site, site_0, people, {p0:Int64}), (site_0, site, people_0, {p0:Int64}), (concat(least(site, site_0), ' ',
greatest(site, site_0)), '',
toUInt64(0), 1)]) AS way, way.1 AS exit, way.2 AS partner, way.3 AS exit_people, way.4 AS partners_needed
FROM (SELECT *, is_new OR is_new_0 AS is_strange
FROM (SELECT *,
greatCircleDistance(lon_0, lat_0, lon, lat) / 1000 AS distance, distance * 3600000 / greatest(ms - ms_0, {p1:Int64}) AS speed
FROM (SELECT *,
lagInFrame(ms) OVER (PARTITION BY who ORDER BY ms, site, lat, lon, e0 ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS ms_0,
lagInFrame(site) OVER (PARTITION BY who ORDER BY ms, site, lat, lon, e0 ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS site_0,
lagInFrame(lat) OVER (PARTITION BY who ORDER BY ms, site, lat, lon, e0 ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS lat_0,
lagInFrame(lon) OVER (PARTITION BY who ORDER BY ms, site, lat, lon, e0 ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS lon_0,
lagInFrame(people) OVER (PARTITION BY who ORDER BY ms, site, lat, lon, e0 ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS people_0,
lagInFrame(is_new) OVER (PARTITION BY who ORDER BY ms, site, lat, lon, e0 ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS is_new_0
FROM (SELECT *,
sum(is_first) OVER (PARTITION BY site ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS people
FROM (SELECT *,
row_number() OVER (PARTITION BY site, who ORDER BY ms, site, lat, lon, e0) = 1 AS is_first,
row_number() OVER (PARTITION BY who, lat, lon ORDER BY ms, site, lat, lon, e0) = 1 AS is_new
FROM (SELECT * EXCEPT (first_and_last),
arrayJoin(arrayDistinct(first_and_last)) AS ms
FROM (SELECT e0, who, site, lat, lon, taught, [min(ms),
max(ms)] AS first_and_last
FROM (SELECT toString(user_name) AS e0,
toString(user_name) AS who, place_site AS site,
if(source_geo_latitude != 0 OR source_geo_longitude != 0, source_geo_latitude, place_latitude) AS lat,
if(source_geo_latitude != 0 OR source_geo_longitude != 0, source_geo_longitude, place_longitude) AS lon,
toUnixTimestamp64Milli(timestamp) AS ms,
toUInt8(NOT (0)) AS taught
FROM events
GLOBAL ANY LEFT JOIN (SELECT address AS place_address, site AS place_site, provider AS place_provider, country AS place_country, latitude AS place_latitude, longitude AS place_longitude
FROM known_places) AS places ON source_ip = place_address
WHERE (category = {p2:String} AND event_action = {p3:String} AND event_outcome = {p4:String}) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND user_name != '' AND 1 AND user_name != '')
WHERE lat != 0 OR lon != 0
GROUP BY e0, who, site, lat, lon, taught,
intDiv(ms, {p1:Int64}))))))
WHERE ms_0 > 0 AND (lat_0 != lat OR lon_0 != lon))
WHERE distance > {p7:Int64} AND speed > {p8:Int64}))))
WHERE is_strange
GROUP BY e0, who, ms, site, site_0, ms_0
HAVING countIf(users >= {p0:Int64} AND partners >= partners_needed AND users >= {p9:Float64} * exit_people) = 0)
-- p0 = 3
-- p1 = 60000
-- p2 = "auth"
-- p3 = "login"
-- p4 = "success"
-- p5 = 1772409600000
-- p6 = 1772496000000
-- p7 = 500
-- p8 = 900
-- p9 = 0.2

-- moments work_impossible_travel_moments_1
INSERT INTO work_impossible_travel_moments_1 (e0, at, surprise, before, values, others)
SELECT e0, at, surprise, before, values, others
FROM (SELECT tupleElement(at_first, 1) AS e0, ms AS at,
if(values = 0, 0.,
round(-log10(least(1., (1 + 0.6 * values) / (before + 1))) - log10(least(1., (greatest(0,
toInt64(others) - 0.6) + (1 + 0.6 * kinds) / (kinds + 1)) / (pairs + 1))), 6) + 0) AS surprise, before, values, others
FROM (SELECT *,
sum(others = 0 AND taught = 1) OVER (ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS kinds
FROM (SELECT *,
tupleElement(at_first, 2) AS before,
sum(taught) OVER (PARTITION BY who ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS values,
sum(taught) OVER (PARTITION BY value ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS others,
sum(taught) OVER (ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS pairs
FROM (SELECT *
FROM (SELECT *, first_ms AS ms,
min(first_ms) OVER (PARTITION BY who, value) AS earliest
FROM (SELECT who, value, taught,
argMin((e0, before), (ms, e0)) AS at_first,
min(ms) AS first_ms
FROM (SELECT *,
sum(repeats * taught) OVER (PARTITION BY who ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
FROM (SELECT toString(user_name) AS e0,
toString(user_name) AS who,
if(source_geo_country_iso_code != '',
toString(source_geo_country_iso_code), place_country) AS value,
toUnixTimestamp64Milli(timestamp) AS ms,
toUInt8(NOT (0)) AS taught, event_repeats AS repeats
FROM events
GLOBAL ANY LEFT JOIN (SELECT address AS place_address, site AS place_site, provider AS place_provider, country AS place_country, latitude AS place_latitude, longitude AS place_longitude
FROM known_places) AS places ON source_ip = place_address
WHERE (category = {p0:String} AND event_action = {p1:String} AND event_outcome = {p2:String}) AND timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND user_name != '' AND 1 AND user_name != '')
WHERE value != '')
GROUP BY who, value, taught))
WHERE taught = 1 OR ms = earliest))))
-- p0 = "auth"
-- p1 = "login"
-- p2 = "success"
-- p3 = 1772409600000
-- p4 = 1772496000000

-- tallies
INSERT INTO work_impossible_travel_tallies (e0, start, first, last, events, logins_0, sources_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS logins_0,
groupUniqArrayIf(x0, 1) AS sources_0
FROM (SELECT toString(user_name) AS e0, timestamp, event_repeats,
toUInt64(cityHash64(source_ip)) AS x0
FROM events
WHERE (category = {p1:String} AND event_action = {p2:String} AND event_outcome = {p3:String}) AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND user_name != '')
GROUP BY e0, start
-- p0 = 86400
-- p1 = "auth"
-- p2 = "login"
-- p3 = "success"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_journeys, f_distance, f_speed, f_country, f_logins, f_sources, f_before, f_own, f_everybodys, f_all
FROM (SELECT *,
toFloat64(sum(f_logins) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_before,
toFloat64(sum(f_journeys) OVER (PARTITION BY e0 ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS f_own,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_journeys, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 31536000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 31536000, 0.), 50.)), 6)) AS f_everybodys,
toFloat64(round(toFloat64(sum(toInt128(round(least(f_logins, 1e9) * 1 * exp(-least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 31536000, 0.), 50.)) * 1e24))) OVER ( ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) / 1e24 * exp(least(greatest(({p0:Int64} - toInt64(toUnixTimestamp(window))) / 31536000, 0.), 50.)), 6)) AS f_all
FROM (SELECT w.*,
toFloat64(tupleElement(work_impossible_travel_moments_1_best, 1)) AS f_country
FROM (SELECT w.*,
toFloat64(work_impossible_travel_moments_0_many) AS f_journeys,
toFloat64(tupleElement(work_impossible_travel_moments_0_best, 1)) AS f_distance,
toFloat64(tupleElement(work_impossible_travel_moments_0_best, 2)) AS f_speed
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(logins_0) AS f_logins,
toFloat64(length(sources_0)) AS f_sources
FROM work_impossible_travel_tallies AS t
WHERE events >= {p2:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(fromUnixTimestamp64Milli(at, 'UTC'),
toIntervalSecond({p1:Int64}), 'UTC') AS window,
argMax((distance, speed, at), (distance, -at, distance, speed)) AS work_impossible_travel_moments_0_best,
count() AS work_impossible_travel_moments_0_many
FROM work_impossible_travel_moments_0
GROUP BY e0, window) AS work_impossible_travel_moments_0 USING (e0, window)) AS w
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(fromUnixTimestamp64Milli(at, 'UTC'),
toIntervalSecond({p1:Int64}), 'UTC') AS window,
argMax((surprise, before, values, others, at), (surprise, -at, surprise, before, values, others)) AS work_impossible_travel_moments_1_best,
count() AS work_impossible_travel_moments_1_many
FROM work_impossible_travel_moments_1
GROUP BY e0, window) AS work_impossible_travel_moments_1 USING (e0, window)))
-- p0 = 1772496000
-- p1 = 86400
-- p2 = 1
