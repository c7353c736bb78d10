'use strict'

// What the gateway says when no script tells it what to say. The same turn always gets the same answer.

const { sampleOf } = require('./schema-sample')
const { PIXEL_PNG } = require('./media')

/** @returns {object} an answer in the short form of answer.js, with one choice for each one asked for */
function defaultAnswer(turn) {
  const message = { role: 'assistant', ...said(turn) }
  if (turn.wantsReasoning) {
    message.reasoning_content = `The user said "${excerpt(turn.userText)}". I will answer from that alone.`
  }
  if (turn.wantsImage) {
    message.images = [
      {
        type: 'image_url',
        image_url: { url: `data:image/png;base64,${PIXEL_PNG.toString('base64')}` }
      }
    ]
  }
  return { choices: Array.from({ length: turn.choiceCount ?? 1 }, () => ({ message })) }
}

function said(turn) {
  const tool = toolToCall(turn)
  if (tool !== undefined) {
    const call = { name: tool.name, arguments: sampleOf(tool.schema, turn.userText) }
    return { content: null, tool_calls: [call] }
  }
  if (turn.outputSchema !== undefined) {
    return { content: JSON.stringify(sampleOf(turn.outputSchema, turn.userText)) }
  }
  if (turn.toolResult !== undefined) return { content: `The tool answered: ${turn.toolResult}` }
  return { content: turn.userText === '' ? 'You said nothing.' : `You said: ${turn.userText}` }
}

// A tool that is forced by name is called; one that is only asked for is not called again once its result is
// the last thing said. Where some tool must be called, it is the one asked for, and then one that was not.
function toolToCall({ tools, toolChoice, toolResult, userText }) {
  if (tools.length === 0 || toolChoice === 'none') return undefined
  if (typeof toolChoice === 'object' && toolChoice !== null)
    return tools.find(({ name }) => name === toolChoice.name)
  const asked = tools.find(({ name }) => names(userText, name))
  const other = tools.find((tool) => tool !== asked) ?? tools[0]
  if (toolResult === undefined) return asked ?? (toolChoice === 'required' ? tools[0] : undefined)
  return toolChoice === 'required' ? other : undefined
}

function names(text, name) {
  const literal = String(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<!\\w)${literal}(?!\\w)`).test(text)
}

function excerpt(text) {
  return text.length <= 80 ? text : `${Array.from(text).slice(0, 80).join('')}…`
}

module.exports = { defaultAnswer }
