import { Button, NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Channel } from '../../../src/api/api.ts'
import { useAddChannel, useChangeChannel } from '../../lib/api/channels.ts'
import { telling } from '../../ui/told.ts'
import { type ChannelField, channelKinds } from './channel-kinds.ts'

interface ChannelFormProps {
  /** Null: a new one. */
  readonly channel: Channel | null
  readonly onDone: () => void
}

type Values = Readonly<Record<string, string>>

const kinds = Object.keys(channelKinds) as readonly Channel['kind'][] // the keys are those of the type

/** What is given: secrets that are empty stay as they are; another field that was emptied is said to be empty. */
const valuesOf = (
  fields: readonly ChannelField[],
  values: Values,
  secret: boolean,
  before: Channel['settings'],
): Channel['settings'] =>
  Object.fromEntries(
    fields
      .filter((field) => (field.secret ?? false) === secret)
      .map(({ name, number }) => {
        const value = values[name] ?? ''
        return [name, number === true && value !== '' ? Number(value) : value] as const
      })
      .filter(([name, value]) => value !== '' || (!secret && before[name] !== undefined)),
  )

export const ChannelForm = ({ channel, onDone }: ChannelFormProps) => {
  const [name, setName] = useState(channel?.name ?? '')
  const [kind, setKind] = useState<Channel['kind']>(channel?.kind ?? 'email')
  const [leastRisk, setLeastRisk] = useState<number | string>(channel?.leastRisk ?? 50)
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(
      Object.entries(channel?.settings ?? {}).map(([key, value]) => [
        key,
        typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value),
      ]),
    ),
  )
  const add = useAddChannel()
  const change = useChangeChannel()
  const { fields } = channelKinds[kind]
  const before = channel?.settings ?? {}
  const set = (key: string) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setValues((old) => ({ ...old, [key]: value }))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // A choice that nobody touched is the first one.
    const full = {
      ...Object.fromEntries(
        fields.flatMap((field) =>
          field.choices === undefined ? [] : [[field.name, field.choices[0] ?? '']],
        ),
      ),
      ...values,
    }
    const given = {
      name,
      leastRisk: Number(leastRisk),
      settings: valuesOf(fields, full, false, before),
      secrets: valuesOf(fields, full, true, before),
    }
    const after = telling('The channel is kept', onDone)
    if (channel === null) add.mutate({ ...given, kind, enabled: true }, after)
    else change.mutate({ id: channel.id, change: given }, after)
  }
  return (
    <form className="form" onSubmit={submit}>
      <TextInput
        label="Name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Kind"
        disabled={channel !== null}
        data={kinds.map((value) => ({ value, label: channelKinds[value].label }))}
        value={kind}
        onChange={(event) => setKind(kinds.find((one) => one === event.currentTarget.value) ?? 'email')}
      />
      {fields.map((field) => {
        const shared = { label: field.label, description: field.about, value: values[field.name] ?? '' }
        const kept = field.secret === true && channel !== null
        if (field.choices !== undefined) {
          return (
            <NativeSelect key={field.name} {...shared} data={[...field.choices]} onChange={set(field.name)} />
          )
        }
        if (field.secret === true) {
          return (
            <PasswordInput
              key={field.name}
              {...shared}
              autoComplete="off"
              placeholder={kept ? 'kept as it is' : ''}
              required={field.required === true && !kept}
              onChange={set(field.name)}
            />
          )
        }
        return (
          <TextInput
            key={field.name}
            {...shared}
            inputMode={field.number === true ? 'numeric' : 'text'}
            {...(field.number === true ? { pattern: String.raw`\d{1,5}` } : {})}
            required={field.required === true}
            onChange={set(field.name)}
          />
        )
      })}
      <NumberInput
        label="From risk"
        description="Only incidents of at least so much risk, of 100"
        min={0}
        max={100}
        required
        value={leastRisk}
        onChange={setLeastRisk}
      />
      <div>
        <Button type="submit" loading={add.isPending || change.isPending}>
          Keep
        </Button>
      </div>
    </form>
  )
}
