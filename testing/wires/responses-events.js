'use strict'

// A whole response told as its stream of events, numbered from 0.
// https://platform.openai.com/docs/api-reference/responses-streaming

const { words, fragments } = require('../pieces')

/** @param begun the response before it has any output; @param whole the response in the end */
function eventsOf(begun, whole) {
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...whole.output.flatMap(itemEvents),
    { type: `response.${whole.status}`, response: whole }
  ]
  return events.map(({ type, ...rest }, position) => ({ type, sequence_number: position, ...rest }))
}

function itemEvents(item, outputIndex) {
  const place = { item_id: item.id, output_index: outputIndex }
  return [
    { type: 'response.output_item.added', output_index: outputIndex, item: emptied(item) },
    ...fillingEvents(item, place),
    { type: 'response.output_item.done', output_index: outputIndex, item }
  ]
}

// The item as it is announced, before anything fills it.
function emptied(item) {
  switch (item.type) {
    case 'reasoning':
      return { ...item, summary: [] }
    case 'message':
      return { ...item, status: 'in_progress', content: [] }
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' }
    default:
      return { ...item, status: 'in_progress', result: null }
  }
}

function fillingEvents(item, place) {
  switch (item.type) {
    case 'reasoning':
      return item.summary.flatMap((part, index) =>
        summaryEvents(part, { ...place, summary_index: index })
      )
    case 'message':
      return item.content.flatMap((part, index) =>
        contentEvents(part, { ...place, content_index: index })
      )
    case 'function_call':
      return [
        ...fragments(item.arguments).map((delta) => ({
          type: 'response.function_call_arguments.delta',
          ...place,
          delta
        })),
        {
          type: 'response.function_call_arguments.done',
          ...place,
          name: item.name,
          arguments: item.arguments
        }
      ]
    default:
      return [{ type: 'response.image_generation_call.completed', ...place }]
  }
}

function summaryEvents(part, place) {
  return [
    { type: 'response.reasoning_summary_part.added', ...place, part: { ...part, text: '' } },
    ...words(part.text).map((delta) => ({
      type: 'response.reasoning_summary_text.delta',
      ...place,
      delta
    })),
    { type: 'response.reasoning_summary_text.done', ...place, text: part.text },
    { type: 'response.reasoning_summary_part.done', ...place, part }
  ]
}

function contentEvents(part, place) {
  const added = { type: 'response.content_part.added', ...place }
  const done = { type: 'response.content_part.done', ...place, part }
  if (part.type === 'refusal') {
    return [
      { ...added, part: { ...part, refusal: '' } },
      ...words(part.refusal).map((delta) => ({ type: 'response.refusal.delta', ...place, delta })),
      { type: 'response.refusal.done', ...place, refusal: part.refusal },
      done
    ]
  }
  return [
    { ...added, part: { ...part, text: '', annotations: [] } },
    ...words(part.text).map((delta) => ({
      type: 'response.output_text.delta',
      ...place,
      delta,
      logprobs: []
    })),
    ...part.annotations.map((annotation, index) => ({
      type: 'response.output_text.annotation.added',
      ...place,
      annotation_index: index,
      annotation
    })),
    { type: 'response.output_text.done', ...place, text: part.text, logprobs: [] },
    done
  ]
}

module.exports = { eventsOf }
