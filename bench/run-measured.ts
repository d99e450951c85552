/**
 * A program from start to end, as a whole process: how long it took, and the most memory it held.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Measured {
  readonly seconds: number
  /** The process's own high-water mark of resident memory; null where the system has no /proc. */
  readonly peakBytes: number | null
  /** Processor time over all cores, in seconds: what it costs however busy the machine is; null as above. */
  readonly processorSeconds: number | null
  readonly stdout: string
}

/** The kernel keeps the maximum, so that a look now and then is enough; only the last moments could be missed. */
const lookMs = 20

/** The `VmHWM` line of `/proc/<pid>/status`, in bytes. */
export const highWaterMark = (status: string): number | null => {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? []
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

/** User and system time of `/proc/<pid>/stat`, in seconds (Linux counts in hundredths whatever the kernel's own tick). */
export const processorTime = (stat: string): number | null => {
  // The second field is the program's name, which may hold anything but ends with the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isNaN(ticks) ? null : ticks / 100
}

const look = (pid: number): { peakBytes: number | null; processorSeconds: number | null } => {
  try {
    return {
      peakBytes: highWaterMark(readFileSync(`/proc/${pid}/status`, 'utf8')),
      processorSeconds: processorTime(readFileSync(`/proc/${pid}/stat`, 'utf8')),
    }
  } catch {
    return { peakBytes: null, processorSeconds: null }
  }
}

/** Throws where the program ends with anything but 0, with what it said. */
export const runMeasured = (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const startedMs = performance.now()
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    let [peakBytes, processorSeconds]: (number | null)[] = [null, null]
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-2000)))
    const timer = setInterval(() => {
      if (child.pid === undefined) return
      const seen = look(child.pid)
      // A process that has ended but was not waited for has no memory, and times of nought.
      peakBytes = seen.peakBytes ?? peakBytes ?? null
      processorSeconds = seen.peakBytes === null ? (processorSeconds ?? null) : seen.processorSeconds
    }, lookMs)
    child.on('error', (error) => {
      clearInterval(timer)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearInterval(timer)
      const seconds = (performance.now() - startedMs) / 1000
      if (code === 0)
        resolve({ seconds, peakBytes: peakBytes ?? null, processorSeconds: processorSeconds ?? null, stdout })
      else reject(new Error(`${command} ended with ${signal ?? code}: ${stderr.trim()}`))
    })
  })
