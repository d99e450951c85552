import { Modal } from '@mantine/core'

const keys: readonly { readonly where: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    where: 'Everywhere',
    keys: [
      ['Ctrl K', 'find anything: pages, incidents, entities, detectors'],
      ['g t', 'Today'],
      ['g i', 'Incidents'],
      ['g x', 'Explore'],
      ['g e', 'Entities'],
      ['g d', 'Detectors'],
      ['g s', 'Sources'],
      ['?', 'this list'],
    ],
  },
  {
    where: 'In a list of incidents',
    keys: [
      ['j / k', 'next, previous'],
      ['o / Enter', 'open'],
      ['x', 'select'],
      ['a', 'acknowledge'],
      ['c', 'close'],
      ['/', 'search'],
    ],
  },
  {
    where: 'On an incident',
    keys: [
      ['a', 'acknowledge'],
      ['c', 'close'],
      ['v', 'give a verdict'],
      ['n', 'write a note'],
    ],
  },
  {
    where: 'In Explore',
    keys: [
      ['/', 'to the query'],
      ['j / k', 'next, previous event'],
      ['Enter', 'open the event'],
    ],
  },
]

export const KeysDialog = ({
  opened,
  onClose,
}: {
  readonly opened: boolean
  readonly onClose: () => void
}) => (
  <Modal
    opened={opened}
    onClose={onClose}
    title="Keyboard"
    size="lg"
    closeButtonProps={{ 'aria-label': 'Close' }}
  >
    <div className="tiles" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))' }}>
      {keys.map((group) => (
        <section key={group.where} className="tile">
          <h3>{group.where}</h3>
          <dl className="facts" style={{ marginTop: 8 }}>
            {group.keys.map(([key, what]) => [
              <dt key={key}>
                <kbd>{key}</kbd>
              </dt>,
              <dd key={what}>{what}</dd>,
            ])}
          </dl>
        </section>
      ))}
    </div>
  </Modal>
)
