-- tallies
INSERT INTO work_alert_risk_source_tallies (e0, start, first, last, events, alerts_0, names_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS alerts_0,
groupUniqArrayIf(x0, 1) AS names_0
FROM (SELECT source_ip AS e0, timestamp, event_repeats,
toUInt64(cityHash64(rule_name)) AS x0
FROM events
WHERE (category = {p1:String} AND rule_name != '' AND network_direction IN ({p2:String}, {p3:String}) AND (format IN ({p4:String}, {p5:String}, {p6:String}, {p7:String}, {p8:String}, {p9:String}, {p10:String}) OR (format IN ({p11:String}, {p12:String}) AND destination_ip != toIPv6('::')) OR host_name = '')) AND timestamp >= fromUnixTimestamp64Milli({p13:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p14:Int64}, 'UTC') AND source_ip != toIPv6('::'))
GROUP BY e0, start
-- p0 = 3600
-- p1 = "alert"
-- p2 = "outbound"
-- p3 = "internal"
-- p4 = "suricata"
-- p5 = "suricata-fast"
-- p6 = "fortigate"
-- p7 = "palo-alto"
-- p8 = "cisco-asa"
-- p9 = "zeek-tsv"
-- p10 = "zeek-json"
-- p11 = "cef"
-- p12 = "leef"
-- p13 = 1772409600000
-- p14 = 1772496000000

-- windows of 1 hour
SELECT e0, window, first, last,
toUInt64(events) AS events, f_bits, f_kinds, f_company, f_often, f_alerts, f_names
FROM (SELECT w.*,
toFloat64(risk_bits) / 1000 AS f_bits,
toFloat64(risk_kinds) AS f_kinds,
toFloat64(risk_company) AS f_company,
toFloat64(risk_often) / 1000 AS f_often
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(alerts_0) AS f_alerts,
toFloat64(length(names_0)) AS f_names
FROM work_alert_risk_source_tallies AS t
WHERE events >= {p1:Int64}) AS w
GLOBAL ANY LEFT JOIN (SELECT entity AS risk_entity,
intDiv(toUInt64(stretch) * {p0:Int64}, {p0:Int64}) * {p0:Int64} AS risk_start,
max(bits) AS risk_bits,
max(kinds) AS risk_kinds,
max(company) AS risk_company,
min(often) AS risk_often
FROM work_alert_risk_source_risks
GROUP BY risk_entity, risk_start) AS risks ON cityHash64(w.e0) = risk_entity AND toUInt64(toUnixTimestamp(w.window)) = toUInt64(risk_start))
-- p0 = 3600
-- p1 = 1
