import type { Detector } from 'winnow'
import beacon from './beacon.ts'
import dnsTunnel from './dns-tunnel.ts'
import dnsDataRecords from './dns-data-records.ts'
import dnsGeneratedDomainBursts from './dns-generated-domain-bursts.ts'
import dnsGeneratedDomains from './dns-generated-domains.ts'
import bareAddress from './bare-address.ts'
import dnsRareRecordType from './dns-rare-record-type.ts'
import networkLongConnection from './network-long-connection.ts'
import networkNewPort from './network-new-port.ts'
import networkNewService from './network-new-service.ts'
import networkScan from './network-scan.ts'
import networkUnanswered from './network-unanswered.ts'
import networkUpload from './network-upload.ts'
import rareDestination from './rare-destination.ts'
import listedDestination from './listed-destination.ts'
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
  dnsDataRecords,
  dnsGeneratedDomainBursts,
  dnsGeneratedDomains,
  listedDestination,
  bareAddress,
  dnsRareRecordType,
  networkLongConnection,
  networkNewPort,
  networkNewService,
  networkScan,
  networkUnanswered,
  networkUpload,
  rareDestination,
  beacon,
]
