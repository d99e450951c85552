/**
 * What parameters, paths and headers ordinarily hold, by rules and invented examples: what the model of payloads knows before it
 * has read any log.
 *
 * @module
 */
import { textShape } from './payload-text.ts'
import { randomStream } from './random.ts'
import type { WeightedText } from './text-model.ts'

/** Examples of one weight, two spaces or a line apart. A pilcrow stands for the end of a line inside one. */
interface Group {
  readonly weight: number
  readonly examples: string
}

const few = 1
const some = 8
const many = 60

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

const drawn = (alphabet: string, random: () => number, length: number): string =>
  times(length, () => alphabet[Math.floor(random() * alphabet.length)] ?? '').join('')

const hex = '0123456789abcdef'
const lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const signs = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

/** Codes of all kinds, which differ in where letters and digits meet. */
const codes = (random: () => number): string[] => {
  const uuid = (): string => [8, 4, 4, 4, 12].map((length) => drawn(hex, random, length)).join('-')
  const long = (extra: string, i: number): string => drawn(lettersAndDigits + extra, random, 30 + i)
  return times(40, (i) => [
    drawn(hex, random, 32),
    uuid(),
    `{${uuid()}}`,
    long('', i),
    `${long('+/', i)}${'='.repeat(i % 3)}`,
    `${long('-_', i)}${i % 4 === 0 ? '=' : ''}`,
    // A signed token: three pieces.
    times(3, () => long('-_', i)).join('.'),
    `${drawn(hex, random, 8)}:${drawn(hex, random, 8)}`,
    `GA1.2.${drawn('0123456789', random, 9)}.${drawn('0123456789', random, 9)}`,
    `${long('-_', i)}~${long('-_', i)}`,
  ]).flat()
}

/** Pass words: any sign may follow any other, now and then. */
const passWords = (random: () => number): string[] =>
  times(300, (i) =>
    drawn(i % 3 === 0 ? signs + lettersAndDigits : `!@#$%&*-_.?${lettersAndDigits}`, random, 10 + (i % 5)),
  )

/** Any sign may stand in a word, or beside one. */
const besideWords = (): string[] =>
  Array.from(signs, (sign) => [
    `one${sign}two`,
    `one${sign}2`,
    `1${sign}two`,
    `word${sign}`,
    `17${sign}`,
    `${sign}word`,
    `${sign}17`,
    `one ${sign} two`,
    `one${sign} two`,
  ]).flat()

/** Quotes and brackets end where sentences and lists do. */
const closings = (): string[] =>
  Array.from('.,?!:;').flatMap((mark) => [
    `one "two"${mark}`,
    `one "two${mark}" three`,
    `one (two)${mark}`,
    `one (two${mark}) three`,
    `one "two"${mark} three`,
    `one (two)${mark} three`,
    `one${mark} "two"`,
    `one${mark} (two)`,
    `one '2'${mark} three`,
  ])

const words = (count: number, gap = ' '): string => times(count, () => 'word').join(gap)

/** Phrases of any length: the longer, the fewer. */
const phrases = (): WeightedText[] =>
  times(16, (i) =>
    [words(i + 2), `${words(i + 1)} 2`, words(i + 2, '-'), words(i + 2, '_'), `/${words(i + 1, '/')}`].map(
      (text) => ({
        text: textShape(text),
        weight: Math.ceil((many * 12) / (i + 1)),
      }),
    ),
  ).flat()

/** Numbers, words, and lists of them. */
const plain: readonly Group[] = [
  {
    weight: many * 60,
    examples: `
      word  17`,
  },
  {
    weight: many * 8,
    examples: `
      word2  two-words  two_words  a1b2  3.14  word.word  v1.2.3  1-2  3d`,
  },
  {
    weight: many * 2,
    examples: `
      -1  +1  -3.5  1,5  1,000  1.000,50  +49 30 123456  (030) 123-4567  1e-5  -word  _word  .5  2026-03-02
      02.03.2026  3/2/2026  2026-03-02T10:00:00Z  2026-03-02 10:00:00  2026-03-02T10:00:00.123+01:00  1,2,3,4
      a,b,c  a, b, c  1;2;3  a|b|c  a:b  a:1,b:2  a;b  52.5200,13.4050  -33.8,151.2  52.5,13.4,12z
      0,0,100,200`,
  },
  {
    weight: many,
    examples: `
      10:30  10:30:59  2026-03  Mon, 02 Mar 2026 10:00:00 GMT  2026-03-02,2026-03-09  2026-03-02..2026-03-09
      1:23:45.6  anna@example.com  anna.b-c@mail.example.com  anna+news@example.com  @anna  #tag
      2026-03-02T10:00:00+01:00`,
  },
  {
    weight: some,
    examples: `
      10%  $10.50  €20  10 €  1/2  16:9  800x600  5 km  20°  1+1  a=b  a=1;b=2  a~b  *  *.word  word*  c++
      c++ word  c#  a..b  ?  !  -  _  ~word  a^b  a,b,c-d,e  a:1,2,3|b:1,2  word one:wght@400;500;600
      a:b,c@0,400;1,700  #2b  1/2 word  word+word  ++word  x^2+2x-3=0  1 < 2  if a==b  a != b  a <= 1  a -> b
      a => b  a && b  a || b`,
  },
]

/** What people write. */
const writing: readonly Group[] = [
  {
    weight: many,
    examples: `
      O'Brien  what's new  l'été à la mer  Müller & Söhne  word & word  Straße 12, 10115 Berlin
      12 Main St., Apt. 4  c/ Mayor, 4, 2 b  c/ Sol s/n  Dr. A. B. Smith  Smith, John  St. John-Smith
      12/4 Main St. #2B, Springfield  12 Main St, #2`,
  },
  {
    weight: many,
    examples: `
      how to cook rice?  Hello! How are you?  one, two and three.  one (two) three  one - two  one: two
      one/two  one / two  one | two  one - two | three  one... two  no. 5  nº 3  1. one  page 2 of 10
      one; two  I'd like 2 x word. Thanks!  one¶two  one.¶¶Two, three.¶`,
  },
  {
    weight: some * 4,
    examples: `
      "exact phrase"  "two words" three  one "two three"  one AND two  one OR two  title:word
      title:"two words"  site:example.com word  -word word  word -word  +word +word  (one OR two) AND three
      a:(one OR two) AND b:"c"  rock 'n' roll  'quoted'  “quoted”  one’s  one – two  5" screen  6' tall
      東京 レストラン  привет мир  สวัสดี  안녕 하세요, 세계!  你好，世界。  hi 🙂  #one #two  @anna hello  100% cotton  $5 off
      one\ttwo  what is "this"?  one (two), three  "one" and "two"  "one", "two"`,
  },
]

/** Addresses of pages and files, and paths. */
const places: readonly Group[] = [
  {
    weight: many * 2,
    examples: `
      /  /word  /word/  /word/word  /word/word.html  /word/17  /word/2026/03/two-words/
      /word/two-words-17.html  /word_word/word.min.js  /word/v1.2.3/word.css  /word-word/word-800x600.jpg`,
  },
  {
    weight: many,
    examples: `
      https://www.example.com/  https://example.com/word/word?id=17&page=2  https://www.example.com/?id=17
      https://www.example.com/word?a=b&c=d#part  http://example.com:8080/word.php?a=b
      https://www.example.com/word/#part  //example.com/word  www.example.com  example.com/word  word.pdf
      word/word.pdf  word/word  /word?word=1  /word?word=word&word=1#word`,
  },
  {
    weight: some,
    examples: `
      /@anna/word  /~anna/  /.well-known/word  /word;v=1  /word;jsessionid=A1B2C3  /word,17.html
      /word (1).pdf  /one two.pdf  /word:word  /word/word@2x.png  /word!word  /word+word/  /word/c++/  /$word
      /word/(1)  /word/%  /word's  /"word"-word/  /a,b,c/word.js  /word=1/word  /wiki/One_(two)  /wiki/One:Two
      /word//word  C:\\Users\\anna\\word.txt  file.tar.gz  /word&word/  ./word  android-app://com.example.word
      app:/word  urn:word:word:17  mailto:anna@example.com  [fe80::1]  2001:db8::1  192.0.2.1:80
      http://192.0.2.1/word  /word[1].jpg  /[word]-word.js  /{word}  /word/"https://www.example.com/word/"
      /word//"http://example.com//"  /word/https://example.com/  /word/'/word/  /word/{word}/word
      word.word_word~word~word_1-word`,
  },
]

/** What programs put into parameters. */
const structured: readonly Group[] = [
  {
    weight: some * 2,
    examples: `
      {"page":1,"size":20}  {"name":"word","tags":["one","two"],"on":true}  {"a":{"b":[1,2,3]},"c":null}
      {"a":{"b":1,"c":"d"}}  {"query":"two words","from":"2026-03-02"}  [1,2,3]  ["one","two"]
      [{"id":1},{"id":2}]  {}  []  { "a": 1, "b": "word" }  {"url":"https://example.com/word"}
      {"path":"/word/word"}  {"x":-1.5,"y":2}  {"id":"a1-b2","at":"2026-03-02T10:00:00Z"}  [{"a":"b","c":"d"}]
      {"a":[{"b":1}]}  {"a":""}  [{"from":"10:00"}]`,
  },
  {
    weight: some,
    examples: `
      a[0]  a[b]  [word]  filter[word]  word[]  name asc  name,-date  a.b.c  a->b  date:desc  word>17
      a:[1 TO 5]  [2026-01-01 TO 2026-02-01]  (a:b)  fields(a,b)  id,name,items(id,name)  max-age=0, no-cache
      text/html;q=0.9,*/*;q=0.8  one=1&two=2  a=1|b=2|c=3  a!b  a||b  1^2  !1m18!1m12!1m3!1d24  pb=!4v1!5m2
      %word%  {word}  <anna@example.com>  word::word  1,2|3,4  rgb(1,2,3)  #ff8800  word\\word
      q=0.5,word;q=0.3  { a(b: 1) { c d } }  word { a { b c } }  a(b)  a(b,c)  word(word)  a-b,c-d,e`,
  },
]

/** What clients call themselves. */
const agents: readonly Group[] = [
  {
    weight: many * 20,
    examples: `
      Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
      Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36
      Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15
      Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1
      Mozilla/5.0 (Linux; Android 14; SM-A536B Build/UP1A) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36`,
  },
  {
    weight: many * 4,
    examples: `
      Mozilla/5.0 (compatible; ExampleBot/2.1; +http://www.example.com/bot.html)
      Mozilla/5.0 (compatible; ExampleBot/1.0; +https://example.com/robot/)
      ExampleReader/1.6 (+https://reader.example.com/; 21 subscribers; feed-id=1060)  curl/8.5.0
      Wget/1.21.3 (linux-gnu)  python-requests/2.31.0  Go-http-client/1.1  okhttp/4.12.0  ExampleBot-Image/1.0
      Example-Agent  Example Agent 1.0  Dalvik/2.1.0 (Linux; U; Android 13; Pixel 6 Build/TQ3A.230805.001)
      Word/1.0 CFNetwork/1474 Darwin/23.0.0  Java/17.0.1  Example/5.2.1; https://www.example.com
      Apache/2.4 (internal dummy connection)
      Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; .NET CLR 2.0.50727; InfoPath.2)
      Opera/9.80 (Windows NT 6.1; U; en) Presto/2.8.131 Version/11.11`,
  },
  {
    weight: many,
    examples: `
      
      Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0.0;FBBV/5;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBLC/de_DE;FBOP/5]
      Chrome/96.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/350.0.0.0;]
      Word/1.0 (com.example.word; build:17; iOS 17.0.0) Alamofire/5.8.0
      Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 [Pinterest/Android]
      Word/1.0 (anna@example.com)  facebookexternalhit/1.1 (+http://www.example.com/externalhit_uatext.php)
      Word 1.0 (Word; +example.com)  Word/1.0 (Windows NT 10.0; Win64; x64) [en-us] {x64}
      Mozilla/5.0 (X11; CrOS x86_64 14541.0.0), Word  word:word:v1.0 (by /u/anna)  Mozilla/5.0 zgrab/0.x  -
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"  User-Agent: Mozilla/5.0
      Word web spider/4.0(+http://www.example.com/help.htm#07)
      Word 1.0 (iPhone13,2; iOS 15_1; en_US; en-US; scale=3.00; 1170x2532; 346138365)
      Mozilla/5.0 (compatible; Word/4.1; +http://www.example.com/15/4118.html?id=28966)
      Word/1.0 (Word's iPhone)  Word/1.0 {word}  Word/1.0 (a=b; c=d)  Word/1.0 "word"
      Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.9) Gecko/2008 Firefox/3.0 (.NET CLR 3.5.30729)`,
  },
]

const inText = (examples: string): string[] =>
  examples
    .trim()
    .split(/\n *| {2,}/)
    .map((example) => example.replaceAll('¶', '\r\n'))

const shapes = (texts: readonly string[], weight: number): WeightedText[] =>
  texts.map((text) => ({ text: textShape(text), weight }))

const weighted = (groups: readonly Group[]): WeightedText[] =>
  groups.flatMap(({ weight, examples }) => shapes(inText(examples), weight))

/** Shapes of ordinary values of parameters and of paths, each with how often it counts. */
export const ordinaryValues = (): WeightedText[] => {
  const random = randomStream(1)
  return [
    ...phrases(),
    ...weighted([...plain, ...writing, ...places, ...structured]),
    ...shapes(codes(random), some),
    ...shapes(closings(), some),
    ...shapes(besideWords(), few),
    ...shapes(passWords(random), few),
  ]
}

/** Shapes of what clients call themselves, and of what else may be written there. */
export const ordinaryAgents = (): WeightedText[] => [
  ...weighted(agents),
  ...weighted([...writing, ...places]).flatMap(({ text, weight }) =>
    [text, `a/0.0 (a; +${text})`, `a/0.0(${text})`].map((shape) => ({ text: shape, weight: weight / some })),
  ),
]
