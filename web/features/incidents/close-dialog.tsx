import { Button, Group, Modal, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import type { CloseReason } from '../../../src/api/api.ts'
import { useChangeIncidents } from '../../lib/api/incidents.ts'
import { countOf } from '../../lib/format.ts'
import { reasonMeanings, reasonWords } from '../../ui/marks.tsx'
import { telling } from '../../ui/told.ts'

interface CloseDialogProps {
  /** Null: not asked for. */
  readonly ids: readonly string[] | null
  readonly onDone: () => void
  readonly onCancel: () => void
}

const reasons = Object.keys(reasonWords) as readonly CloseReason[] // the keys are those of the type

export const CloseDialog = ({ ids, onDone, onCancel }: CloseDialogProps) => {
  const [reason, setReason] = useState<CloseReason>('threat')
  const change = useChangeIncidents()
  const count = ids?.length ?? 0
  const close = () => {
    if (ids === null) return
    change.mutate(
      { ids, change: { state: 'closed', reason } },
      telling(`${countOf(count, 'incident')} closed: ${reasonWords[reason].toLowerCase()}`, onDone),
    )
  }
  return (
    <Modal
      opened={ids !== null}
      onClose={onCancel}
      title={count === 1 ? 'Close this incident' : `Close ${countOf(count, 'incident')}`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          close()
        }}
      >
        <Radio.Group
          label="What was it?"
          value={reason}
          onChange={(value) => setReason(reasons.find((one) => one === value) ?? 'threat')}
        >
          <Stack gap="sm" mt="xs">
            {reasons.map((one) => (
              <Radio key={one} value={one} label={reasonWords[one]} description={reasonMeanings[one]} />
            ))}
          </Stack>
        </Radio.Group>
        <p className="soft small" style={{ marginTop: 12 }}>
          Closing says what this incident was. To keep the like of it from coming back, give a verdict
          instead.
        </p>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            Close
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
