import { constant, defineParser, isOneOf, isPresent, regex, variant, when } from 'winnow'

export default defineParser({
  id: 'su',
  title: 'su',
  category: 'auth',
  inside: { programs: ['su', 'su-l'] },
  variants: [
    // Successful su for root by alice
    variant(regex('^Successful su for (?<target>.*) by (?<user>.*)$'), (part) => ({
      event_action: constant('su'),
      event_outcome: constant('success'),
      user_name: part('user'),
      user_target_name: part('target'),
    })),
    // FAILED su for root by alice
    variant(regex('^FAILED su for (?<target>.*) by (?<user>.*)$'), (part) => ({
      event_action: constant('su'),
      event_outcome: constant('failure'),
      user_name: part('user'),
      user_target_name: part('target'),
    })),
    // (to root) alice on pts/0
    variant(
      regex('^(?<failed>FAILED SU )?\\(to (?<target>.*?)\\) (?<user>.*) on (?<terminal>\\S*)$'),
      (part) => ({
        event_action: constant('su'),
        event_outcome: when(isPresent(part('failed')), constant('failure'), constant('success')),
        user_name: part('user'),
        user_target_name: part('target'),
      }),
    ),
    // + /dev/pts/1 alice:root — written beside the lines above, so not another `su`.
    variant(regex('^(?<sign>[+-]) (?<terminal>\\S+) (?<user>[^:]*):(?<target>.*)$'), (part) => ({
      event_action: constant('su-terminal'),
      event_outcome: when(isOneOf(part('sign'), '+'), constant('success'), constant('failure')),
      user_name: part('user'),
      user_target_name: part('target'),
    })),
  ],
})
