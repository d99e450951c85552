import { TextInput, type TextInputProps } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'

/** After the last key. */
const waitMs = 250

interface SearchFieldProps extends Pick<TextInputProps, 'id' | 'className' | 'style'> {
  readonly label: string
  readonly placeholder?: string
  /** What is searched by now. */
  readonly text: string
  readonly onText: (text: string) => void
}

/** Typing shows at once; what is searched by changes a moment after the last key. */
export const SearchField = ({ label, placeholder = label, text, onText, ...looks }: SearchFieldProps) => {
  const [typed, setTyped] = useState(text)
  // What was asked for may come back late, when more is typed already: only what others changed replaces that.
  const asked = useRef(text)
  useEffect(() => {
    if (text === asked.current) return
    asked.current = text
    setTyped(text)
  }, [text])
  const ask = useEffectEvent(() => {
    asked.current = typed
    onText(typed)
  })
  useEffect(() => {
    if (typed === text) return undefined
    const timer = setTimeout(ask, waitMs)
    return () => clearTimeout(timer)
  }, [typed, text])
  return (
    <TextInput
      {...looks}
      size="xs"
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={14} stroke={1.6} />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  )
}
