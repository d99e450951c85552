import { Button, Checkbox, CopyButton, Menu, Modal, TextInput } from '@mantine/core'
import { IconBookmark, IconLink, IconPlus, IconTrash } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useDeleteSearch, useSaveSearch, useSavedSearches } from '../../lib/api/searches.ts'
import { useSession } from '../../lib/api/session.ts'
import { inert } from '../../lib/format.ts'
import { type Range, momentOf, rangeOf, rangeText } from '../../lib/range.ts'
import { telling, told } from '../../ui/told.ts'

interface SavedMenuProps {
  readonly q: string
  readonly range: Range
}

/** The search as an address that shows the same tomorrow: "the last day" becomes the day that it is now. */
const sharedAddress = (q: string, { from, to }: Range): string => {
  const nowMs = Date.now()
  const start = momentOf(from, nowMs)
  const query = new URLSearchParams({
    q,
    from: start === null ? from : new Date(start).toISOString(),
    to: to ?? new Date(nowMs).toISOString(),
  })
  return `${location.origin}/explore?${query.toString()}`
}

export const SavedMenu = ({ q, range }: SavedMenuProps) => {
  const navigate = useNavigate()
  const [opened, setOpened] = useState(false)
  const [saving, setSaving] = useState(false)
  const searches = useSavedSearches(opened)
  const drop = useDeleteSearch()
  const me = useSession().data?.user
  const icon = { size: 15, stroke: 1.6 }
  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="bottom-end" width={300}>
        <Menu.Target>
          <Button h={34} variant="default" leftSection={<IconBookmark {...icon} />}>
            Saved
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPlus {...icon} />} onClick={() => setSaving(true)}>
            Save this search…
          </Menu.Item>
          <CopyButton value={sharedAddress(q, range)}>
            {({ copy }) => (
              <Menu.Item
                leftSection={<IconLink {...icon} />}
                onClick={() => {
                  copy()
                  told('The link is copied. It shows this very time.')
                }}
              >
                Copy a link
              </Menu.Item>
            )}
          </CopyButton>
          <Menu.Divider />
          {searches.error === null ? null : <Menu.Label>{searches.error.message}</Menu.Label>}
          {searches.data?.searches.length === 0 ? <Menu.Label>Nothing saved yet</Menu.Label> : null}
          {searches.data?.searches.map((saved) => (
            <div key={saved.id} className="row" style={{ flexWrap: 'nowrap', gap: 0 }}>
              <Menu.Item
                onClick={() =>
                  void navigate({ to: '/explore', search: { q: saved.query, ...rangeOf(saved.range) } })
                }
              >
                {inert(saved.name)}
                <span className="soft small cut" style={{ display: 'block', maxWidth: 220 }}>
                  {saved.shared ? 'shared, ' : ''}
                  {inert(saved.query)}
                </span>
              </Menu.Item>
              {saved.by?.id === me?.id ? (
                <Menu.Item
                  w="auto"
                  px={8}
                  aria-label={`Delete ${inert(saved.name)}`}
                  closeMenuOnClick={false}
                  onClick={() => drop.mutate(saved.id, { onError: told })}
                >
                  <IconTrash {...icon} />
                </Menu.Item>
              ) : null}
            </div>
          ))}
        </Menu.Dropdown>
      </Menu>
      <SaveDialog opened={saving} q={q} range={range} onClose={() => setSaving(false)} />
    </>
  )
}

interface SaveDialogProps extends SavedMenuProps {
  readonly opened: boolean
  readonly onClose: () => void
}

const SaveDialog = ({ opened, q, range, onClose }: SaveDialogProps) => {
  const [name, setName] = useState('')
  const [shared, setShared] = useState(true)
  const save = useSaveSearch()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(
      { name, query: q, range: rangeText(range), shared },
      telling('The search is saved', () => {
        setName('')
        onClose()
      }),
    )
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Save this search">
      <form onSubmit={submit} className="stack">
        <TextInput
          label="Name"
          required
          maxLength={200}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label="For everyone here"
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <div>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  )
}
