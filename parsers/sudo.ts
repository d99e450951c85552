import { capture, constant, defineParser, firstOf, isPresent, regex, variant, when } from 'winnow'

// alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/apt update
// mallory : user NOT in sudoers ; TTY=pts/1 ; PWD=/tmp ; USER=root ; COMMAND=/bin/cat /etc/shadow
export default defineParser({
  id: 'sudo',
  title: 'sudo',
  category: 'auth',
  inside: { programs: ['sudo', 'sudo-rs', 'sudoedit'] },
  variants: [
    variant(
      regex(
        '^\\s*(?<user>\\S.*?) : (?:(?<problem>[^;=]+?) ; )?(?:TTY=(?<terminal>[^;]*?) ; )?(?:CHROOT=.*? ; )?PWD=(?<folder>.*?) ; (?:CHROOT=.*? ; )?USER=(?<target>[^;]*?) ; (?:GROUP=(?<group>[^;]*?) ; )?(?:TSID=\\S+ ; )?(?:ENV=.*? ; )?COMMAND=(?<command>.*)$',
      ),
      (part) => ({
        event_action: constant('sudo'),
        event_outcome: when(isPresent(part('problem')), constant('failure'), constant('success')),
        event_reason: part('problem'),
        event_repeats: firstOf(
          capture(part('problem'), '^([0-9]+) incorrect password attempts?$'),
          constant('1'),
        ),
        user_name: part('user'),
        user_target_name: part('target'),
        process_working_directory: part('folder'),
        process_command_line: part('command'),
      }),
    ),
  ],
})
