-- value history work_dns_generated_domains_values_0
INSERT INTO work_dns_generated_domains_values_0 (value, e0, e1, first, entities, size)
SELECT cityHash64(dns_question_registered_domain) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_registered_domain))) AS e0,
argMin(toString(dns_question_registered_domain),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_registered_domain))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip,
toString(dns_question_registered_domain)) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND NOT (match(dns_question_registered_domain, {p1:String})) AND NOT (dns_response_code IN ({p2:String}, {p3:String}, {p4:String}))) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_registered_domain != '' AND 1
GROUP BY value
-- p0 = "dns"
-- p1 = "^$|(?i)(^|[.])(arpa|local|lan|localdomain|internal|intranet|localhost|home|corp|private|test|invalid|onion|alt)$|[.](cloudfront[.]net|amazonaws[.]com|on[.]aws|awsglobalaccelerator[.]com|azurefd[.]net|azureedge[.]net)$"
-- p2 = "NXDOMAIN"
-- p3 = "SERVFAIL"
-- p4 = "REFUSED"
-- p5 = 1772409600000
-- p6 = 1772496000000

-- value history work_dns_generated_domains_values_1
INSERT INTO work_dns_generated_domains_values_1 (value, e0, e1, first, entities, size)
SELECT cityHash64(dns_question_registered_domain) AS value,
argMin(source_ip,
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_registered_domain))) AS e0,
argMin(toString(dns_question_registered_domain),
bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(source_ip,
toString(dns_question_registered_domain))) AS e1,
min(timestamp) AS first,
uniqCombined(12)(source_ip) AS entities, 0. AS size
FROM events
WHERE (category = {p0:String} AND NOT (match(dns_question_registered_domain, {p1:String})) AND NOT (dns_response_code IN ({p2:String}, {p3:String}, {p4:String}))) AND timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_registered_domain != '' AND 1
GROUP BY value
-- p0 = "dns"
-- p1 = "^$|(?i)(^|[.])(arpa|local|lan|localdomain|internal|intranet|localhost|home|corp|private|test|invalid|onion|alt)$|[.](cloudfront[.]net|amazonaws[.]com|on[.]aws|awsglobalaccelerator[.]com|azurefd[.]net|azureedge[.]net)$"
-- p2 = "NXDOMAIN"
-- p3 = "SERVFAIL"
-- p4 = "REFUSED"
-- p5 = 1772409600000
-- p6 = 1772496000000

-- tallies
INSERT INTO work_dns_generated_domains_tallies (e0, e1, start, first, last, events, bits_0, queries_0)
SELECT e0, e1,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
groupUniqArrayIf((x0,
toUInt32(round(x1 * 1000))), 1) AS bits_0,
sumIf(event_repeats, 1) AS queries_0
FROM (SELECT *,
toFloat64(work_dns_generated_domains_bits_dns_question_registered_domain_bits / 1000) AS x1
FROM (SELECT source_ip AS e0,
toString(dns_question_registered_domain) AS e1, timestamp, event_repeats,
toUInt64(cityHash64(dns_question_registered_domain)) AS x0
FROM events
WHERE (category = {p1:String} AND NOT (match(dns_question_registered_domain, {p2:String})) AND NOT (dns_response_code IN ({p3:String}, {p4:String}, {p5:String}))) AND timestamp >= fromUnixTimestamp64Milli({p6:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p7:Int64}, 'UTC') AND source_ip != toIPv6('::') AND dns_question_registered_domain != '') AS early
GLOBAL ANY LEFT JOIN (SELECT value AS work_dns_generated_domains_bits_dns_question_registered_domain_value, bits AS work_dns_generated_domains_bits_dns_question_registered_domain_bits
FROM work_dns_generated_domains_bits_dns_question_registered_domain) AS work_dns_generated_domains_bits_dns_question_registered_domain ON x0 = work_dns_generated_domains_bits_dns_question_registered_domain_value)
GROUP BY e0, e1, start
-- p0 = 86400
-- p1 = "dns"
-- p2 = "^$|(?i)(^|[.])(arpa|local|lan|localdomain|internal|intranet|localhost|home|corp|private|test|invalid|onion|alt)$|[.](cloudfront[.]net|amazonaws[.]com|on[.]aws|awsglobalaccelerator[.]com|azurefd[.]net|azureedge[.]net)$"
-- p3 = "NXDOMAIN"
-- p4 = "SERVFAIL"
-- p5 = "REFUSED"
-- p6 = 1772409600000
-- p7 = 1772496000000

-- windows of 1 day
SELECT e0, e1, window, first, last,
toUInt64(events) AS events, f_bits, f_isNew, f_clients, f_queries
FROM (SELECT l.*,
toFloat64(firsts) AS f_isNew
FROM (SELECT w.*,
toFloat64(greatest(toFloat64(greatest(work_dns_generated_domains_values_1_entities, 1) - 1), {p0:Float64})) AS f_clients
FROM (SELECT e0, e1,
toStartOfInterval(t.start,
toIntervalSecond({p1:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(arrayMax(p -> p.2,
arrayPushBack(bits_0, (toUInt64(0),
toUInt32(0)))) / 1000) AS f_bits,
toFloat64(queries_0) AS f_queries
FROM work_dns_generated_domains_tallies AS t
WHERE events >= {p2:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT value AS work_dns_generated_domains_values_1_value, entities AS work_dns_generated_domains_values_1_entities, first AS work_dns_generated_domains_values_1_first
FROM work_dns_generated_domains_values_1) AS work_dns_generated_domains_values_1 ON cityHash64(w.e1) = work_dns_generated_domains_values_1_value) AS l
GLOBAL ANY LEFT JOIN (SELECT e0, e1,
toStartOfInterval(first,
toIntervalSecond({p1:Int64}), 'UTC') AS window,
count() AS firsts
FROM work_dns_generated_domains_values_0
GROUP BY e0, e1, window) AS r USING (e0, e1, window))
-- p0 = 0
-- p1 = 86400
-- p2 = 1
