-- tallies
INSERT INTO work_alert_critical_tallies (e0, start, first, last, events, alerts_0, hosts_0)
SELECT e0,
toStartOfInterval(timestamp,
toIntervalSecond({p0:Int64}), 'UTC') AS start,
min(timestamp) AS first,
max(timestamp) AS last,
sum(event_repeats) AS events,
sumIf(event_repeats, 1) AS alerts_0,
groupUniqArrayIf(x0, 1) AS hosts_0
FROM (SELECT toString(rule_name) AS e0, timestamp, event_repeats,
toUInt64(cityHash64(host_name, source_ip, destination_ip)) AS x0
FROM events
WHERE (category = {p1:String} AND rule_name != '' AND NOT (event_outcome = {p2:String}) AND NOT (event_action = {p3:String}) AND ((format = {p4:String} AND event_severity >= {p5:Int64}) OR (format IN ({p6:String}, {p7:String}) AND event_severity = {p8:Int64} AND network_direction IN ({p9:String}, {p10:String})) OR (format IN ({p11:String}, {p12:String}) AND event_severity >= {p13:Int64}) OR (format = {p14:String} AND event_severity = {p15:Int64}) OR (format = {p16:String} AND event_severity = {p8:Int64}))) AND timestamp >= fromUnixTimestamp64Milli({p17:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Milli({p18:Int64}, 'UTC') AND rule_name != '')
GROUP BY e0, start
-- p0 = 86400
-- p1 = "alert"
-- p2 = "failure"
-- p3 = "blocked"
-- p4 = "wazuh"
-- p5 = 12
-- p6 = "suricata"
-- p7 = "suricata-fast"
-- p8 = 1
-- p9 = "outbound"
-- p10 = "internal"
-- p11 = "cef"
-- p12 = "leef"
-- p13 = 9
-- p14 = "palo-alto"
-- p15 = 5
-- p16 = "fortigate"
-- p17 = 1772409600000
-- p18 = 1772496000000

-- windows of 1 day
SELECT e0, window, first, last,
toUInt64(events) AS events, f_alerts, f_hosts
FROM (SELECT e0,
toStartOfInterval(t.start,
toIntervalSecond({p0:Int64}), 'UTC') AS window, t.first AS first, t.last AS last, t.events AS events,
toFloat64(alerts_0) AS f_alerts,
toFloat64(length(hosts_0)) AS f_hosts
FROM work_alert_critical_tallies AS t
WHERE events >= {p1:Int64})
-- p0 = 86400
-- p1 = 1
