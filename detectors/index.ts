import type { Detector } from 'winnow'
import dnsTunnel from './dns-tunnel.ts'
import loginBruteForce from './login-brute-force.ts'
import loginNewSource from './login-new-source.ts'
import loginSpraying from './login-spraying.ts'
import loginSuccessAfterFailures from './login-success-after-failures.ts'
import webClientBehaviour from './web-client-behaviour.ts'
import webClientKmeans from './web-client-kmeans.ts'

/** Every detector Winnow comes with. */
export const detectors: readonly Detector[] = [
  webClientBehaviour,
  webClientKmeans,
  loginBruteForce,
  loginSpraying,
  loginSuccessAfterFailures,
  loginNewSource,
  dnsTunnel,
]
