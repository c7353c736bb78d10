'use strict'

// The words and the figures that the benchmark's documents are made of.

const { runProgram } = require('./support/child')

// What expressions give that use the exports of a module.
async function evaluated(module, expressions) {
  const file = JSON.stringify(
    require('node:url').pathToFileURL(`${__dirname}/../benchmark/${module}`)
  )
  const program = `import(${file}).then((it) => console.log(JSON.stringify([${expressions}])))`
  const { report } = await runProgram(process.execPath, ['-e', program])
  return report
}

test.each([
  [0.059, 'a seventeenth', '十七分之一'],
  [0.25, 'a quarter', '四分之一'],
  [1 / 8, 'an eighth', '八分之一'],
  [1 / 11, 'an eleventh', '十一分之一'],
  [0.05, 'a twentieth', '二十分之一'],
  [1 / 24, 'a twenty-fourth', '二十四分之一'],
  [1 / 84, 'an eighty-fourth', '八十四分之一'],
  [0.001, 'a ninety-ninth', '九十九分之一'],
  [0.43, '43 %', '43%'],
  [1.226, '123 %', '123%']
])('%d is said as %s and %s', async (share, english, chinese) => {
  const said = await evaluated('words.mjs', `it.inEnglish(${share}), it.inChinese(${share})`)
  expect(said).toEqual([english, chinese])
})

test('a cost is the median of the rounds, a ratio is one of medians, the spread is that of the rounds', async () => {
  const rounds = (...list) => list.map((process) => ({ process, units: 10 }))
  const scenario = JSON.stringify({
    reference: 'them',
    samples: { us: rounds(10, 30, 20), them: rounds(80, 90) }
  })
  const said = await evaluated(
    'figures.mjs',
    `it.costOf(${scenario}, 'us', 'process'), it.ratio(${scenario}, 'us', 'process'), it.spread(${scenario}, 'us'), it.costOf(${scenario}, 'nobody', 'process')`
  )
  expect(said).toEqual([2, 20 / 85, '±50 %', null])
})

test('scenarios name clients that exist, each by an id of its own', async () => {
  const [scenarios] = await evaluated('scenarios.mjs', 'it.SCENARIOS')
  const [clients] = await evaluated('clients.mjs', 'Object.keys(it.CLIENTS)')
  const ids = scenarios.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThan(50)
  const named = scenarios.flatMap((scenario) => [scenario.reference, ...scenario.clients])
  expect(named.filter((client) => !clients.includes(client))).toEqual([])
})
