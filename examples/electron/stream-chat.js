'use strict'

const { AihubmixError } = require('aihubmix-native')

/**
 * Streams one answer into a message port: `{ text }` for each piece, then `{ usage }` or `{ error }`, and
 * closes it. A port that is closed from the other side (Stop, a reload, a closed window) cancels the answer.
 */
async function streamChat(client, { model, messages }, port) {
  const gone = new AbortController()
  port.on('close', () => gone.abort())
  port.start()
  try {
    const stream = await client.chatCompletion(
      model,
      messages,
      { stream: true },
      { signal: gone.signal }
    )
    for await (const { choices, usage } of stream) {
      const text = choices[0]?.delta.content
      if (text) port.postMessage({ text })
      if (usage) port.postMessage({ usage })
    }
  } catch (error) {
    // An error's class does not survive the way to the window: what it says does.
    const { code, message } = AihubmixError.isInstance(error)
      ? error
      : { code: 'ERROR', message: String(error) }
    if (code !== 'ABORTED') port.postMessage({ error: `${code}: ${message}` })
  }
  port.close()
}

module.exports = { streamChat }
