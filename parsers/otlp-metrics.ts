import { constant, defineParser, firstOf, json, object, text, time } from 'winnow'

// {"@timestamp":"2026-03-07T04:05:06.000000000Z","input":{"type":"otlp"},"host":{"name":"web-1"},"service":{"name":"shop"},"metric":{"name":"queue.length","type":"gauge","unit":"1","value":17},"attributes":{"queue":"mail"},"resource":{"host.name":"web-1"}}
export default defineParser({
  id: 'otlp-metrics',
  title: 'OpenTelemetry metrics, as the OTLP intake writes them',
  category: 'metric',
  line: json({ require: ['@timestamp', 'metric.name', 'metric.type'] }),
  columns: (part) => ({
    timestamp: time(part('@timestamp'), 'iso'),
    event_action: constant('measure'),
    event_code: part('metric.name'),
    host_name: part('host.name'),
    service_name: part('service.name'),
    other: object({
      value: firstOf(part('metric.value'), part('metric.sum')),
      unit: text(part('metric.unit'), { absent: '1' }),
      type: part('metric.type'),
      count: part('metric.count'),
      min: part('metric.min'),
      max: part('metric.max'),
      attributes: part('attributes'),
    }),
  }),
})
