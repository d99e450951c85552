import { Link } from '@tanstack/react-router'

const ways: readonly { readonly name: string; readonly text: string; readonly example: string }[] = [
  {
    name: 'Files',
    text: 'Name them in the configuration; rotation is followed.',
    example: 'files:\n  - name: nginx\n    paths: [/var/log/nginx/*.log]',
  },
  {
    name: 'Syslog',
    text: 'UDP, TCP or TLS, RFC 3164 and 5424.',
    example: '*.* @@winnow.example.com:6514   # rsyslog',
  },
  {
    name: 'Filebeat, Fluent Bit, Vector',
    text: 'Winnow answers as Elasticsearch does; the key is a password or an API key.',
    example: 'output.elasticsearch:\n  hosts: ["https://winnow.example.com"]\n  api_key: "winnow_…"',
  },
  {
    name: 'Anything else',
    text: 'Lines over HTTP, one event a line.',
    example:
      'curl -H "authorization: Bearer winnow_…" \\\n  --data-binary @app.log https://winnow.example.com/ingest/app',
  },
]

export const ConnectPanel = ({ open }: { readonly open: boolean }) => (
  <details className="panel" open={open}>
    <summary style={{ padding: '10px 14px', cursor: 'pointer', fontWeight: 600 }}>Connect a source</summary>
    <div
      className="tiles"
      style={{
        border: 0,
        borderTop: '1px solid var(--line)',
        borderRadius: 0,
        gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 320px), 1fr))',
      }}
    >
      {ways.map(({ name, text, example }) => (
        <section key={name} className="tile">
          <h3>{name}</h3>
          <p className="soft">{text}</p>
          <pre
            className="evidence"
            tabIndex={0}
            aria-label={`Example for ${name}`}
            style={{ padding: '6px 10px', margin: '6px 0 0' }}
          >
            {example}
          </pre>
        </section>
      ))}
    </div>
    <p className="soft small" style={{ padding: '8px 14px' }}>
      Senders over HTTP need a key: make one under{' '}
      <Link to="/settings" search={{ tab: 'keys' }}>
        Settings, Keys
      </Link>
      .
    </p>
  </details>
)
