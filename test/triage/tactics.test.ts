import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { mainTactic, tacticsOf } from '../../src/triage/tactics.ts'

describe('tactics', () => {
  it.each(detectors.map(({ id, attack }) => [id, attack] as const))(
    'are known for every technique of %s',
    (_, attack) => {
      expect(attack.length).toBeGreaterThan(0)
      expect(attack.filter((technique) => tacticsOf(technique).length === 0)).toEqual([])
    },
  )

  it('are those of the technique for one of its kinds', () => {
    expect(tacticsOf('T1110.003').map(({ id, name }) => [id, name])).toEqual([
      ['TA0006', 'Credential Access'],
    ])
    expect(tacticsOf('T1078').map(({ name }) => name)).toEqual([
      'Initial Access',
      'Persistence',
      'Privilege Escalation',
      'Defense Evasion',
    ])
    expect(tacticsOf('no technique')).toEqual([])
  })

  it('come in the order of an attack, of which the first technique of a detector tells', () => {
    const places = [
      'T1595',
      'T1078',
      'T1059',
      'T1136',
      'T1562',
      'T1110',
      'T1046',
      'T1021',
      'T1071',
      'T1048',
      'T1499',
    ]
    const order = places.map((technique) => mainTactic([technique, 'T1595'])?.place ?? -1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(new Set(order).size).toBe(places.length)
    expect(mainTactic([])).toBeUndefined()
  })
})
