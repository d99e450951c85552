/**
 * What a payload is meant for, by the words in it. This explains what the model found odd; it finds nothing by itself.
 *
 * @module
 */

/** What attacks are told apart. */
export const payloadKinds = [
  'sql',
  'script',
  'traversal',
  'shell',
  'template',
  'jndi',
  'inclusion',
  'xml',
  'code',
  'nosql',
  'header',
] as const

export type PayloadKind = (typeof payloadKinds)[number]

/** The kinds in words. */
export const payloadTitles: Readonly<Record<PayloadKind, string>> = {
  sql: 'SQL injection',
  script: 'script injection',
  traversal: 'path traversal',
  shell: 'shell commands',
  template: 'template injection',
  jndi: 'JNDI look-up',
  inclusion: 'file inclusion',
  xml: 'XML entities',
  code: 'code injection',
  nosql: 'NoSQL operators',
  header: 'header injection',
}

// Every repetition is bounded or of one class of characters: a text of n characters takes time in the order of n.
const signs: Readonly<Record<PayloadKind, readonly RegExp[]>> = {
  sql: [
    /\bunion\b[^a-z0-9]{1,40}(?:all\b[^a-z0-9]{1,40}|distinct\b[^a-z0-9]{1,40})?select\b/,
    /\bselect\b.{1,200}?\b(?:from|null|case|sleep|version|user|concat|char|count)\b/,
    /['"`)\d][^a-z0-9]{0,20}(?:\b|_)(?:or|and|xor|rlike|having|where)\b[^a-z0-9]{0,20}\w{1,40}[^a-z0-9]{0,20}(?:=|<|>|\blike\b|\bin\b|\bbetween\b|\bis\b)/,
    /\b(?:or|and)\s{1,5}['"(]{0,4}(\w{1,20})['")]{0,4}\s{0,5}=\s{0,5}['"(]{0,4}\1\b/,
    /\b(?:sleep|pg_sleep|benchmark|extractvalue|updatexml|load_file|group_concat|make_set|elt|iif|regexp_substring|randomblob|utl_inaddr|dbms_\w{1,20}|xp_cmdshell|sp_password|procedure analyse|exp)\s{0,5}\(/,
    /\b(?:waitfor\s{1,5}delay|information_schema|sysobjects|sqlite_master|pg_catalog|into\s{1,5}(?:out|dump)file|group by|order by)\b.{0,20}[\d'"(]/,
    /\bcase\s{1,5}when\b|\b(?:char|chr|ascii|concat|if)\s{0,5}\(\s{0,5}['"]?\d/,
    /;\s{0,5}(?:drop|insert|delete|update|exec|execute|declare|create|alter|shutdown|truncate|select|call|begin)\b/,
    /['")\d]\s{0,5}(?:--|#|;|\/\*)\s{0,5}[-+]?\s{0,5}$/,
    /^['"]{1,2}(?:\)|;|\||\+|$)|'\s{0,3}(?:\|\||\+|\*|-)\s{0,3}'/,
  ],
  script: [
    /<[/\s!]{0,5}(?:script|img|svg|iframe|frame|body|object|embed|applet|style|link|meta|base|form|input|button|video|audio|details|marquee|div|table|layer|bgsound|isindex|html|xss|a)\b/,
    /[\s"'/<>;]on[a-z]{3,20}\s{0,5}=/,
    /\b(?:java|vb|live)\s{0,3}script\s{0,5}:/,
    /\b(?:alert|confirm|prompt|eval|fromcharcode|settimeout|atob)\s{0,5}[(`]/,
    /\bdocument\s{0,3}\.\s{0,3}(?:cookie|domain|location|write)|\bwindow\.\w|constructor\.|\bexpression\s{0,3}\(/,
  ],
  traversal: [
    /\.\.{1,200}[/\\]|[/\\]\.{2,200}(?:[/\\]|$)|%(?:2e|5c|2f|c0|252e)/,
    /\/etc\/(?:passwd|shadow|hosts|group|issue)|\/proc\/self|\b(?:win|boot|system|php)\.ini\b|\bweb-?inf\b|\bglobal\.asa/,
    /(?:0x2e|0x5c|0x2f)/,
  ],
  shell: [
    /(?:^|[;|&`\n(])[\s"'`]{0,10}(?:\/?(?:usr\/)?(?:s?bin\/))?(?:id|cat|ls|dir|wget|curl|ping|nc|ncat|bash|sh|uname|whoami|sleep|echo|rm|chmod|tftp|busybox|python|perl|php|nslookup|dig|ifconfig|ipconfig|netstat|type|net|set|printenv|touch|cd)(?:\.exe)?(?:$|[\s;|&`)<>"'$])/,
    /\$\([^)]{1,100}\)|`[^`]{1,100}`|\$\{?ifs\b|\(\)\s{0,5}\{/,
    /\b(?:cmd(?:\.exe)?\s{0,5}\/c|powershell\b|\/bin\/(?:ba|da|z|c|k)?sh\b|\/dev\/tcp\/)/,
  ],
  template: [
    /\{\{.{1,200}?\}\}|\{%.{1,200}?%\}|<%.{1,200}?%>|#\{[^}]{1,200}\}|\$\{[^}]{1,200}\}|@\(\d{1,10}[*+]\d/,
  ],
  jndi: [/\bjndi\s{0,3}:|\$\{.{0,60}?(?:::-|lower:|upper:|env:|sys:|java:)/],
  inclusion: [
    /\b(?:php|expect|phar|zip|glob|gopher|dict|ogg|rar|jar|netdoc):\/\/|\bdata:(?:text|application|;|,)|\bfile:\/{1,3}\w/,
  ],
  xml: [/<!(?:doctype|entity|\[cdata)|<\?xml|<xsl:|\bxinclude\b|\bsystem\s{1,5}"/],
  code: [
    /\b(?:phpinfo|system|passthru|shell_exec|popen|proc_open|exec|assert|base64_decode|call_user_func\w{0,12}|invokefunction|file_get_contents|file_put_contents|fwrite|fputs|print_r|var_dump|md5|die|include|require|preg_replace)\s{0,5}\(/,
    /auto_prepend_file|allow_url_include|invokefunction|\bo:\d{1,6}:"|\bro0ab|getruntime|processbuilder|classloader|#_memberaccess|@ognl|\bthink\\app|<\?(?:php|=)|<!--#(?:exec|include|echo)/,
    /__(?:class|import|globals|proto|mro|subclasses)__|\bconstructor\[/,
  ],
  nosql: [/[["']\$(?:ne|gt|gte|lt|lte|regex|where|in|nin|exists|or|and)["'\]]/],
  header: [/[\r\n]\s{0,5}(?:set-cookie|location|content-type|content-length|http\/1|host|x-[a-z]{1,20})\b/],
}

/**
 * The kinds of attack whose words are in a decoded text.
 *
 * @returns in the order of {@link payloadKinds}; empty where the words say nothing
 */
export function kindsOf(text: string): PayloadKind[] {
  // Comments stand for spaces in SQL.
  const lower = text.toLowerCase().replaceAll(/\/\*[^*]{0,40}\*\//g, ' ')
  return payloadKinds.filter((kind) => signs[kind].some((sign) => sign.test(lower)))
}
