// Ratios in words, English and Chinese: 0.059 is "a seventeenth", 十七分之一.

const ORDINALS = {
  3: 'third',
  4: 'quarter',
  5: 'fifth',
  6: 'sixth',
  7: 'seventh',
  8: 'eighth',
  9: 'ninth',
  10: 'tenth',
  11: 'eleventh',
  12: 'twelfth',
  13: 'thirteenth',
  14: 'fourteenth',
  15: 'fifteenth',
  16: 'sixteenth',
  17: 'seventeenth',
  18: 'eighteenth',
  19: 'nineteenth',
  1: 'first',
  2: 'second'
}
const TENS = {
  2: 'twent',
  3: 'thirt',
  4: 'fort',
  5: 'fift',
  6: 'sixt',
  7: 'sevent',
  8: 'eight',
  9: 'ninet'
}
const DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九']

// From here on a unit fraction would be too coarse.
const LARGE = 0.28

/** "a seventeenth", "43 %". */
export function inEnglish(share) {
  if (!(share < LARGE)) return `${Math.round(share * 100)} %`
  const parts = Math.min(99, Math.round(1 / share))
  const article =
    parts === 8 || parts === 11 || parts === 18 || Math.floor(parts / 10) === 8 ? 'an' : 'a'
  return `${article} ${ordinal(parts)}`
}

function ordinal(number) {
  if (number < 20) return ORDINALS[number]
  const [tens, ones] = [TENS[Math.floor(number / 10)], number % 10]
  if (ones === 0) return `${tens}ieth`
  return `${tens}y-${ones === 4 ? 'fourth' : ORDINALS[ones]}`
}

/** 十七分之一, 43%. */
export function inChinese(share) {
  if (!(share < LARGE)) return `${Math.round(share * 100)}%`
  return `${chineseNumber(Math.min(99, Math.round(1 / share)))}分之一`
}

function chineseNumber(number) {
  const [tens, ones] = [Math.floor(number / 10), number % 10]
  if (tens === 0) return DIGITS[ones]
  return `${tens === 1 ? '' : DIGITS[tens]}十${DIGITS[ones]}`
}
