/**
 * Severities in order, for everything that draws them.
 *
 * @module
 */

import type { Finding, Severity } from './report.ts'

/** Worst first. */
const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low']

/** 1 for low to 4 for critical. */
export function severityLevel(severity: Severity): number {
  return severities.length - severities.indexOf(severity)
}

/** `1 critical, 2 high, 3 medium`; empty where there are no findings. */
export function severityCounts(findings: readonly Finding[]): string {
  return severities
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ')
}
