-- value history work_dns_generated_domain_bursts_values_0
INSERT INTO work_dns_generated_domain_bursts_values_0 (value, e0, first, entities, size)
SELECT cityHash64(dns_question_registered_domain) AS value, source_ip AS e0,
min(timestamp) AS first, 1 AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND NOT (match(dns_question_registered_domain, {p1:String}))) AND timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p3:Int64}, 'UTC') AND source_ip != toIPv6('::') AND (dns_response_code IN ({p4:String}, {p5:String}, {p6:String}) OR dns_answers = '' OR match(dns_answers, {p7:String}))
GROUP BY value, e0
-- p0 = "dns"
-- p1 = "^$|(?i)(^|[.])(arpa|local|lan|localdomain|internal|intranet|localhost|home|corp|private|test|invalid|onion|alt)$"
-- p2 = 1772409600000
-- p3 = 1772496000000
-- p4 = "NXDOMAIN"
-- p5 = "SERVFAIL"
-- p6 = "REFUSED"
-- p7 = "^(127[.]|0[.]0[.]0[.]0$|::1?$)"

-- tallies
INSERT INTO work_dns_generated_domain_bursts_tallies (e0, start, first, last, events, generated_0, names_0, bits_0, queries_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
arrayDistinct(groupArrayIf((x0,
toUInt32(round(x1 * 1000))), x2)) AS generated_0,
arrayDistinct(groupArrayIf(x0, x2)) AS names_0,
arrayDistinct(groupArrayIf((x0,
toUInt32(round(x1 * 1000))), x2)) AS bits_0,
sumIf(event_repeats, 1) AS queries_0
FROM (SELECT *,
toFloat64(work_dns_generated_domain_bursts_bits_dns_question_registered_domain_bits / 1000) AS x1
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(dns_question_registered_domain)) AS x0,
toUInt8((dns_response_code IN ({p1:String}, {p2:String}, {p3:String}) OR dns_answers = '' OR match(dns_answers, {p4:String}))) AS x2
FROM events
WHERE (category = {p5:String} AND NOT (match(dns_question_registered_domain, {p6:String}))) AND timestamp >= fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p8:Int64}, 'UTC') AND source_ip != toIPv6('::')) AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_dns_generated_domain_bursts_bits_dns_question_registered_domain_value, bits AS work_dns_generated_domain_bursts_bits_dns_question_registered_domain_bits
FROM work_dns_generated_domain_bursts_bits_dns_question_registered_domain) AS work_dns_generated_domain_bursts_bits_dns_question_registered_domain ON x0 = work_dns_generated_domain_bursts_bits_dns_question_registered_domain_value)
GROUP BY e0, start
-- p0 = 600
-- p1 = "NXDOMAIN"
-- p2 = "SERVFAIL"
-- p3 = "REFUSED"
-- p4 = "^(127[.]|0[.]0[.]0[.]0$|::1?$)"
-- p5 = "dns"
-- p6 = "^$|(?i)(^|[.])(arpa|local|lan|localdomain|internal|intranet|localhost|home|corp|private|test|invalid|onion|alt)$"
-- p7 = 1772409600000
-- p8 = 1772496000000

-- windows of 10 minutes
SELECT e0, window, first, last,
toUInt64(events) AS events, f_generated, f_names, f_bits, f_isNew, f_queries
FROM (SELECT l.*,
toFloat64(firsts) AS f_isNew
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(arrayCount(p -> p.2 >= {p1:Int64}, generated_0)) AS f_generated,
toFloat64(length(names_0)) AS f_names,
toFloat64(arraySum(p -> least(p.2, {p2:Int64}), bits_0) / greatest(length(bits_0), 1) / 1000) AS f_bits,
toFloat64(queries_0) AS f_queries
FROM work_dns_generated_domain_bursts_tallies AS t
WHERE events >= {p3:Int64}) AS l
GLOBAL ANY LEFT JOIN (SELECT e0,
toStartOfInterval(first,
toIntervalSecond({p0:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_dns_generated_domain_bursts_values_0
GROUP BY e0, window) AS r USING (e0, window))
-- p0 = 600
-- p1 = 6000
-- p2 = 10000
-- p3 = 1
