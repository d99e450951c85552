import { Button, TextInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useExplainLine } from '../../lib/api/sources.ts'
import { Panel } from '../../ui/panel.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { Explanation } from './explanation.tsx'

/** Tries any line, of any system, before its logs are connected. */
export const ExplainPanel = () => {
  const [line, setLine] = useState('')
  const [format, setFormat] = useState('')
  const explain = useExplainLine()
  return (
    <Panel title="How is a line read?" aside={<span className="soft small">nothing is kept</span>}>
      <form
        className="explain stack tight"
        onSubmit={(event) => {
          event.preventDefault()
          explain.mutate({ line, ...(format.trim() === '' ? {} : { format: format.trim() }) })
        }}
      >
        <Textarea
          label="Line"
          placeholder="Paste one line of a log"
          autosize
          minRows={2}
          maxRows={8}
          required
          value={line}
          onChange={(event) => setLine(event.currentTarget.value)}
        />
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <TextInput
            label="Format"
            placeholder="any"
            size="xs"
            value={format}
            onChange={(event) => setFormat(event.currentTarget.value)}
          />
          <Button type="submit" loading={explain.isPending} disabled={line.trim() === ''}>
            Explain
          </Button>
        </div>
      </form>
      {explain.isPending ? <Loading lines={3} /> : null}
      {explain.error === null ? null : <Failed error={explain.error} />}
      {explain.data === undefined ? null : <Explanation explanation={explain.data} />}
    </Panel>
  )
}
