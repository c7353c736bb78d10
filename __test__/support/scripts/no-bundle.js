'use strict'

// One call to a plain server, one to a TLS server whose authority is known, one where it is not.

const { AihubmixModelClient } = require('../../..')

const [plain, secure, ca] = process.argv.slice(2)

async function ask(options) {
  const client = new AihubmixModelClient({ apiKey: 'sk-test', maxRetries: 0, ...options })
  try {
    const answer = await client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'hello' }])
    return answer.choices[0].message.content
  } catch (error) {
    return error.code
  }
}

async function main() {
  const report = {
    plain: await ask({ baseURL: plain }),
    trusting: await ask({ baseURL: secure, ca: Buffer.from(ca, 'base64').toString() }),
    wary: await ask({ baseURL: secure })
  }
  console.log(JSON.stringify(report))
}

main()
