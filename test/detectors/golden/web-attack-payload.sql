-- tallies
INSERT INTO work_web_attack_payload_tallies (e0, start, first, last, events, odd_texts_0, odd_texts_1)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
groupUniqArrayArrayIf(x1, 1) AS odd_texts_0,
groupUniqArrayArrayIf(x1, x2) AS odd_texts_1
FROM (SELECT *, work_web_attack_payload_payloads_odd AS x1
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(segment, line_number)) AS x0,
toUInt8(http_response_status_code BETWEEN {p1:Int64} AND {p2:Int64}) AS x2
FROM events
WHERE category = {p3:String} AND timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND source_ip != toIPv6('::')) AS early
GLOBAL ALL INNER JOIN (SELECT event AS work_web_attack_payload_payloads_event, odd AS work_web_attack_payload_payloads_odd
FROM work_web_attack_payload_payloads) AS work_web_attack_payload_payloads ON x0 = work_web_attack_payload_payloads_event)
GROUP BY e0, start
-- p0 = 3600
-- p1 = 200
-- p2 = 299
-- p3 = "web"
-- p4 = 1772409600000
-- p5 = 1772496000000

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_payloads, f_bits, f_explained, f_answered, f_sql, f_script, f_traversal, f_shell, f_jndi, f_template, f_inclusion, f_xml, f_code, f_nosql, f_header
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND 1, odd_texts_0)) AS f_payloads,
toFloat64(arrayMax(p -> if(1, p.2, 0),
arrayPushBack(odd_texts_0, (toUInt64(0),
toUInt32(0),
toUInt16(0)))) / 1000) AS f_bits,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND p.3 != 0, odd_texts_0)) AS f_explained,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND p.3 != 0, odd_texts_1)) AS f_answered,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p2:Int64}), odd_texts_0)) AS f_sql,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p3:Int64}), odd_texts_0)) AS f_script,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p4:Int64}), odd_texts_0)) AS f_traversal,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p5:Int64}), odd_texts_0)) AS f_shell,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p6:Int64}), odd_texts_0)) AS f_jndi,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p7:Int64}), odd_texts_0)) AS f_template,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p8:Int64}), odd_texts_0)) AS f_inclusion,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p9:Int64}), odd_texts_0)) AS f_xml,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p10:Int64}), odd_texts_0)) AS f_code,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p11:Int64}), odd_texts_0)) AS f_nosql,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p12:Int64}), odd_texts_0)) AS f_header
FROM work_web_attack_payload_tallies AS t
WHERE events >= {p3:Int64})
-- p0 = 3600
-- p1 = 12000
-- p2 = 0
-- p3 = 1
-- p4 = 2
-- p5 = 3
-- p6 = 5
-- p7 = 4
-- p8 = 6
-- p9 = 7
-- p10 = 8
-- p11 = 9
-- p12 = 10

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_payloads, f_bits, f_explained, f_answered, f_sql, f_script, f_traversal, f_shell, f_jndi, f_template, f_inclusion, f_xml, f_code, f_nosql, f_header
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
min(t.first) AS first,
max(t.last) AS last,
sum(t.events) AS events,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND 1,
groupUniqArrayArray(odd_texts_0))) AS f_payloads,
toFloat64(arrayMax(p -> if(1, p.2, 0),
arrayPushBack(groupUniqArrayArray(odd_texts_0), (toUInt64(0),
toUInt32(0),
toUInt16(0)))) / 1000) AS f_bits,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND p.3 != 0,
groupUniqArrayArray(odd_texts_0))) AS f_explained,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND p.3 != 0,
groupUniqArrayArray(odd_texts_1))) AS f_answered,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p2:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_sql,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p3:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_script,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p4:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_traversal,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p5:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_shell,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p6:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_jndi,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p7:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_template,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p8:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_inclusion,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p9:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_xml,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p10:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_code,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p11:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_nosql,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64} AND bitTest(p.3, {p12:Int64}),
groupUniqArrayArray(odd_texts_0))) AS f_header
FROM work_web_attack_payload_tallies AS t
GROUP BY e0, window
HAVING events >= {p3:Int64})
-- p0 = 86400
-- p1 = 12000
-- p2 = 0
-- p3 = 1
-- p4 = 2
-- p5 = 3
-- p6 = 5
-- p7 = 4
-- p8 = 6
-- p9 = 7
-- p10 = 8
-- p11 = 9
-- p12 = 10
