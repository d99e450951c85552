import { constant, defineParser, isOneOf, lookup, isPresent, regex, variant, when } from 'winnow'

const success = { event_outcome: constant('success') }

export default defineParser({
  id: 'accounts',
  title: 'Accounts: useradd, usermod, groupadd, passwd and their kin',
  category: 'auth',
  inside: {
    programs: [
      'useradd',
      'usermod',
      'userdel',
      'adduser',
      'deluser',
      'groupadd',
      'groupmod',
      'groupdel',
      'gpasswd',
      'passwd',
      'chpasswd',
      'chage',
      'chsh',
      'chfn',
      'newusers',
    ],
  },
  variants: [
    // new user: name=alice, UID=1001, GID=1001, home=/home/alice, shell=/bin/bash, from=/dev/pts/0
    variant(regex('^new (?<kind>user|group): name=(?<name>[^,]*)(?:,.*)?$'), (part) => ({
      ...success,
      event_action: lookup(part('kind'), { user: 'account-created', group: 'group-created' }),
      user_target_name: when(isOneOf(part('kind'), 'user'), part('name'), constant('')),
      event_reason: when(isOneOf(part('kind'), 'group'), part('name'), constant('')),
    })),
    // failed adding user 'alice', data deleted
    variant(regex("^failed adding (?:user|group) '(?<name>.*?)', ?(?<reason>.*)$"), (part) => ({
      event_action: constant('account-created'),
      event_outcome: constant('failure'),
      event_reason: part('reason'),
      user_target_name: part('name'),
    })),
    // group added to /etc/group: name=ops, GID=1004 — beside `new group`, which says the same.
    variant(
      regex("^group '?(?<name>.*?)'? ?(?:added to|removed from) /etc/(?:group|gshadow)(?:: .*)?$"),
      (part) => ({
        ...success,
        event_action: constant('group-file-changed'),
        event_reason: part('name'),
      }),
    ),
    // removed group 'alice' owned by 'alice'
    variant(regex("^(?:removed|delete) group '(?<name>.*?)'(?: owned by .*)?$"), (part) => ({
      ...success,
      event_action: constant('group-deleted'),
      event_reason: part('name'),
    })),
    // add 'alice' to group 'sudo'
    variant(
      regex(
        "^(?<verb>add|delete|removed?) '(?<name>.*)' (?:to|from) (?<shadow>shadow )?group '(?<group>.*)'$",
      ),
      (part) => ({
        ...success,
        event_action: when(
          isPresent(part('shadow')),
          constant('shadow-group-changed'),
          lookup(part('verb'), { add: 'group-member-added' }, constant('group-member-removed')),
        ),
        event_reason: part('group'),
        user_target_name: part('name'),
      }),
    ),
    // user alice added by root to group sudo
    variant(
      regex('^user (?<name>\\S+) (?<verb>added|removed) by (?<by>\\S+) (?:to|from) group (?<group>\\S+)$'),
      (part) => ({
        ...success,
        event_action: lookup(part('verb'), { added: 'group-member-added', removed: 'group-member-removed' }),
        event_reason: part('group'),
        user_name: part('by'),
        user_target_name: part('name'),
      }),
    ),
    // delete user 'alice'
    variant(
      regex("^(?<verb>change|lock|unlock|delete) user '(?<name>.*?)'(?: (?<what>[A-Za-z]+).*)?$"),
      (part) => ({
        ...success,
        event_action: lookup(
          part('verb'),
          { delete: 'account-deleted', lock: 'account-locked', unlock: 'account-unlocked' },
          lookup(part('what'), { password: 'password-changed' }, constant('account-changed')),
        ),
        event_reason: part('what'),
        user_target_name: part('name'),
      }),
    ),
    // password for 'alice' changed by 'root'
    variant(regex("^password for '(?<name>.*?)' changed by '(?<by>.*?)'$"), (part) => ({
      ...success,
      event_action: constant('password-changed'),
      user_name: part('by'),
      user_target_name: part('name'),
    })),
  ],
})
