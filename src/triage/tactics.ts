/**
 * MITRE ATT&CK: which tactic a technique serves, and the order of tactics. Facts of ATT&CK for Enterprise, v17.
 *
 * @module
 */

/** The tactics in the order of an attack. Early ones promise little; late ones are what the attack was for. */
const tactics = [
  { id: 'TA0043', name: 'Reconnaissance', weight: 0.7 },
  { id: 'TA0042', name: 'Resource Development', weight: 0.7 },
  { id: 'TA0001', name: 'Initial Access', weight: 1 },
  { id: 'TA0002', name: 'Execution', weight: 1 },
  { id: 'TA0003', name: 'Persistence', weight: 1 },
  { id: 'TA0004', name: 'Privilege Escalation', weight: 1 },
  { id: 'TA0005', name: 'Defense Evasion', weight: 1 },
  { id: 'TA0006', name: 'Credential Access', weight: 0.9 },
  { id: 'TA0007', name: 'Discovery', weight: 0.85 },
  { id: 'TA0008', name: 'Lateral Movement', weight: 1.1 },
  { id: 'TA0009', name: 'Collection', weight: 1 },
  { id: 'TA0011', name: 'Command and Control', weight: 1.1 },
  { id: 'TA0010', name: 'Exfiltration', weight: 1.2 },
  { id: 'TA0040', name: 'Impact', weight: 1.2 },
] as const

export type TacticName = (typeof tactics)[number]['name']

export interface Tactic {
  /** `TA0043`. */
  readonly id: string
  readonly name: TacticName
  /** How much more or less a finding of this tactic weighs. */
  readonly weight: number
  /** From 0, in the order of an attack. */
  readonly place: number
}

/** Techniques of one tactic only. */
const ofOne: Readonly<Record<TacticName, string>> = {
  Reconnaissance: 'T1589 T1590 T1591 T1592 T1593 T1594 T1595 T1596 T1597 T1598',
  'Resource Development': 'T1583 T1584 T1585 T1586 T1587 T1588 T1608 T1650',
  'Initial Access': 'T1189 T1190 T1195 T1199 T1200 T1566 T1669',
  Execution: 'T1047 T1059 T1106 T1129 T1203 T1204 T1559 T1569 T1609 T1648 T1651',
  Persistence: 'T1136 T1137 T1176 T1505 T1525 T1554 T1653',
  'Privilege Escalation': 'T1068 T1611',
  'Defense Evasion':
    'T1006 T1014 T1027 T1036 T1070 T1127 T1140 T1202 T1207 T1211 T1216 T1218 T1220 T1221 T1222 T1480 T1535 T1553 T1562 T1564 T1578 T1599 T1600 T1601 T1612 T1620 T1647 T1656 T1666',
  'Credential Access': 'T1003 T1110 T1111 T1187 T1212 T1528 T1539 T1552 T1555 T1558 T1606 T1621 T1649',
  Discovery:
    'T1007 T1010 T1012 T1016 T1018 T1033 T1046 T1049 T1057 T1069 T1082 T1083 T1087 T1120 T1124 T1135 T1201 T1217 T1482 T1518 T1526 T1538 T1580 T1613 T1614 T1615 T1619 T1622 T1652 T1654',
  'Lateral Movement': 'T1021 T1080 T1210 T1534 T1563 T1570',
  Collection: 'T1005 T1025 T1039 T1074 T1113 T1114 T1115 T1119 T1123 T1125 T1185 T1213 T1530 T1560 T1602',
  'Command and Control':
    'T1001 T1008 T1071 T1090 T1092 T1095 T1102 T1104 T1105 T1132 T1219 T1568 T1571 T1572 T1573 T1665',
  Exfiltration: 'T1011 T1020 T1029 T1030 T1041 T1048 T1052 T1537 T1567',
  Impact: 'T1485 T1486 T1489 T1490 T1491 T1495 T1496 T1498 T1499 T1529 T1531 T1561 T1565 T1657 T1667',
}

/** Techniques of several tactics: the one that a log of it tells of comes first. */
const ofSeveral: Readonly<Record<string, readonly TacticName[]>> = {
  T1037: ['Persistence', 'Privilege Escalation'],
  T1040: ['Credential Access', 'Discovery'],
  T1053: ['Execution', 'Persistence', 'Privilege Escalation'],
  T1055: ['Privilege Escalation', 'Defense Evasion'],
  T1056: ['Credential Access', 'Collection'],
  T1072: ['Lateral Movement', 'Execution'],
  T1078: ['Initial Access', 'Persistence', 'Privilege Escalation', 'Defense Evasion'],
  T1091: ['Initial Access', 'Lateral Movement'],
  T1098: ['Persistence', 'Privilege Escalation'],
  T1112: ['Defense Evasion', 'Persistence'],
  T1133: ['Initial Access', 'Persistence'],
  T1134: ['Privilege Escalation', 'Defense Evasion'],
  T1197: ['Persistence', 'Defense Evasion'],
  T1205: ['Command and Control', 'Persistence', 'Defense Evasion'],
  T1484: ['Privilege Escalation', 'Defense Evasion'],
  T1497: ['Defense Evasion', 'Discovery'],
  T1543: ['Persistence', 'Privilege Escalation'],
  T1546: ['Persistence', 'Privilege Escalation'],
  T1547: ['Persistence', 'Privilege Escalation'],
  T1548: ['Privilege Escalation', 'Defense Evasion'],
  T1550: ['Lateral Movement', 'Defense Evasion'],
  T1556: ['Credential Access', 'Persistence', 'Defense Evasion'],
  T1557: ['Credential Access', 'Collection'],
  T1574: ['Persistence', 'Privilege Escalation', 'Defense Evasion'],
  T1610: ['Execution', 'Defense Evasion'],
  T1659: ['Initial Access', 'Command and Control'],
}

const byName: ReadonlyMap<string, Tactic> = new Map(
  tactics.map((tactic, place) => [tactic.name, { ...tactic, place }]),
)

const byTechnique: ReadonlyMap<string, readonly TacticName[]> = new Map([
  ...tactics.flatMap(({ name }) => ofOne[name].split(' ').map((technique) => [technique, [name]] as const)),
  ...Object.entries(ofSeveral),
])

/** All tactics that a technique (`T1110`, `T1110.003`) serves, the main one first; empty for what is no technique. */
export const tacticsOf = (technique: string): readonly Tactic[] =>
  (byTechnique.get(technique.replace(/\.\d{3}$/, '')) ?? []).flatMap((name) => byName.get(name) ?? [])

/**
 * The tactic of a finding: the main one of the first technique its detector names. The others are what else it may have been.
 * Undefined where the detector names none.
 */
export const mainTactic = (attack: readonly string[]): Tactic | undefined =>
  attack.flatMap((technique) => tacticsOf(technique).slice(0, 1))[0]
