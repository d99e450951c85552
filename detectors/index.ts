import type { Detector } from 'winnow'
import alertCritical from './alert-critical.ts'
import alertRiskDestination from './alert-risk-destination.ts'
import alertRiskSource from './alert-risk-source.ts'
import alertRisk from './alert-risk.ts'
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
import sourceRejects from './source-rejects.ts'
import sourceSilent from './source-silent.ts'
import listedDestination from './listed-destination.ts'
import impossibleTravel from './impossible-travel.ts'
import loginBruteForceUser from './login-brute-force-user.ts'
import loginFailureBurst from './login-failure-burst.ts'
import loginNewCountry from './login-new-country.ts'
import loginNewDevice from './login-new-device.ts'
import loginSprayingDistributed from './login-spraying-distributed.ts'
import loginStuffing from './login-stuffing.ts'
import loginTakeover from './login-takeover.ts'
import loginUnusualHour from './login-unusual-hour.ts'
import loginBruteForce from './login-brute-force.ts'
import loginNewSource from './login-new-source.ts'
import loginSpraying from './login-spraying.ts'
import loginSuccessAfterFailures from './login-success-after-failures.ts'
import webAttackPayload from './web-attack-payload.ts'
import webClientBehaviour from './web-client-behaviour.ts'
import webClientKmeans from './web-client-kmeans.ts'
import webScraper from './web-scraper.ts'
import webLoginAbuse from './web-login-abuse.ts'
import webLoginCampaign from './web-login-campaign.ts'
import webRequestFlood from './web-request-flood.ts'
import webPathFlood from './web-path-flood.ts'
import webRarePages from './web-rare-pages.ts'

import userNewHost from './user-new-host.ts'
import lateralMovement from './lateral-movement.ts'
import accountNew from './account-new.ts'
import accountRevived from './account-revived.ts'
import userDailyActivity from './user-daily-activity.ts'
import hostDailyActivity from './host-daily-activity.ts'

/** Every detector Winnow comes with. */
export const detectors: readonly Detector[] = [
  webClientBehaviour,
  webAttackPayload,
  webClientKmeans,
  webScraper,
  webLoginAbuse,
  webLoginCampaign,
  webRequestFlood,
  webPathFlood,
  webRarePages,
  loginBruteForce,
  loginSpraying,
  loginSuccessAfterFailures,
  loginNewSource,
  impossibleTravel,
  loginBruteForceUser,
  loginFailureBurst,
  loginNewCountry,
  loginNewDevice,
  loginSprayingDistributed,
  loginStuffing,
  loginTakeover,
  loginUnusualHour,
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
  alertCritical,
  alertRisk,
  alertRiskSource,
  alertRiskDestination,
  userNewHost,
  lateralMovement,
  accountNew,
  accountRevived,
  userDailyActivity,
  hostDailyActivity,
  sourceSilent,
  sourceRejects,
]
