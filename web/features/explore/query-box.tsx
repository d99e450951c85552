import { CloseButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useFields } from '../../lib/api/fields.ts'
import { type Search, useQueryCheck, useValues } from '../../lib/api/search.ts'
import { formatShort, inert } from '../../lib/format.ts'
import { term } from '../../lib/query.ts'
import { completed, placeOf } from './completion.ts'

interface QueryBoxProps {
  readonly search: Search
  readonly onSearch: (q: string) => void
}

interface Choice {
  readonly text: string
  readonly shown: string
  readonly about: string
}

/** Offered at once. */
const most = 12

export const QueryBox = ({ search, onSearch }: QueryBoxProps) => {
  const [text, setText] = useState(search.q)
  const [caret, setCaret] = useState(search.q.length)
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => setText(search.q), [search.q])

  const [settled] = useDebouncedValue(text, 350)
  const check = useQueryCheck(settled)
  const place = placeOf(text, caret)
  const [asked] = useDebouncedValue(place, 150)
  const fields = useFields()
  const values = useValues(open && asked.kind === 'value' ? asked.field : null, asked.typed, {
    ...search,
    q: '',
  })
  const typed = place.typed.toLowerCase()
  const choices: readonly Choice[] = (
    place.kind === 'field'
      ? (fields.data?.fields ?? [])
          .filter(({ name, ecs }) => name.includes(typed) || ecs.toLowerCase().includes(typed))
          .toSorted((a, b) => Number(b.name.startsWith(typed)) - Number(a.name.startsWith(typed)))
          .map(({ name, meaning }) => ({ text: name, shown: name, about: meaning }))
      : (values.data?.values ?? [])
          .filter(({ value }) => value !== '')
          .map(({ value, events }) => ({
            text: term(place.field, value).slice(place.field.length + 1),
            shown: inert(value),
            about: formatShort(events),
          }))
  ).slice(0, most)
  const listed = open && choices.length > 0 && (place.kind === 'value' || typed.length > 0 || text === '')

  const choose = (choice: Choice) => {
    const next = completed(text, caret, place, choice.text)
    setText(next.text)
    setCaret(next.caret)
    setAt(-1)
    setOpen(place.kind === 'field')
    requestAnimationFrame(() => {
      input.current?.focus()
      input.current?.setSelectionRange(next.caret, next.caret)
    })
  }
  const submit = (q: string) => {
    setOpen(false)
    setAt(-1)
    onSearch(q.trim())
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') {
      setOpen(false)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!listed) {
        setOpen(true)
        return
      }
      const by = event.key === 'ArrowDown' ? 1 : -1
      setAt((old) => (old + by + choices.length) % choices.length)
    } else if (event.key === 'Enter' || (event.key === 'Tab' && listed && at >= 0)) {
      event.preventDefault()
      const choice = listed ? choices[at] : undefined
      if (choice === undefined) submit(text)
      else choose(choice)
    }
  }
  const wrong = settled === text && check.data?.ok === false ? check.data : null

  return (
    <div className="box">
      <IconSearch size={16} stroke={1.7} aria-hidden="true" />
      <input
        ref={input}
        id="query"
        className="query"
        type="text"
        role="combobox"
        aria-label="Query"
        aria-autocomplete="list"
        aria-expanded={listed}
        aria-controls={`${id}-list`}
        aria-activedescendant={listed && at >= 0 ? `${id}-${at}` : undefined}
        aria-invalid={wrong !== null}
        aria-describedby={wrong === null ? undefined : `${id}-error`}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        maxLength={20_000}
        placeholder="user_name:bob AND NOT event_outcome:success, or any text"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setCaret(event.currentTarget.selectionStart ?? event.currentTarget.value.length)
          setOpen(true)
          setAt(-1)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpen(text === '' || at >= 0)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {text === '' ? null : (
        <CloseButton
          size={30}
          aria-label="Clear the query"
          onClick={() => {
            setText('')
            submit('')
          }}
        />
      )}
      {listed ? (
        <ul className="completions" id={`${id}-list`} role="listbox" aria-label="Completions">
          {choices.map((choice, place) => (
            <li
              key={choice.text}
              id={`${id}-${place}`}
              role="option"
              aria-selected={place === at}
              onMouseDown={(event) => {
                event.preventDefault()
                choose(choice)
              }}
            >
              <code>{choice.shown}</code>
              <span>{choice.about}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {wrong === null ? null : (
        <div id={`${id}-error`} role="status">
          <QueryProblem
            query={text}
            position={wrong.position ?? text.length}
            message={wrong.message ?? 'cannot be read'}
          />
        </div>
      )}
    </div>
  )
}

interface ProblemProps {
  readonly query: string
  readonly position: number
  readonly message: string
}

/** Where reading stopped, marked in the query itself. */
const QueryProblem = ({ query, position, message }: ProblemProps) => (
  <div className="query-error">
    <pre>
      {query.slice(0, position)}
      <mark>{query.slice(position, position + 1) || ' '}</mark>
      {query.slice(position + 1)}
    </pre>
    At character {position + 1}: {message}
  </div>
)
