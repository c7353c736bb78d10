'use strict'

const { AihubmixError } = require('aihubmix-native')

/**
 * Streams one answer into a message port: `{ reasoning }` and `{ text }` for each piece, then `{ usage, message }` or
 * `{ error }`, and closes it. The message is the whole one, for the next request. A port that is closed from the other side (Stop, a reload, a closed window) cancels the answer.
 */
async function streamChat(client, { model, messages }, port) {
  const gone = new AbortController()
  port.on('close', () => gone.abort())
  port.start()
  try {
    const stream = await client.chatCompletion(
      model,
      messages,
      { stream: true, reasoning_effort: 'low' },
      { signal: gone.signal }
    )
    for await (const { choices } of stream) {
      const { content: text, reasoning_content: reasoning } = choices[0]?.delta ?? {}
      if (reasoning || text)
        port.postMessage({ reasoning: reasoning || undefined, text: text || undefined })
    }
    const { choices, usage } = await stream.finalChatCompletion()
    port.postMessage({ usage, message: choices[0].message })
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
