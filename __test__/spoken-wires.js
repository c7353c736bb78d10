'use strict'

// The four chat wires, as a test speaks them.

const { CLAUDE, GOOGLE } = require('./gateway-calls')

const WEATHER = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    unit: { enum: ['celsius', 'fahrenheit'] },
    days: { type: 'integer', minimum: 2 },
    note: { type: 'string' }
  },
  required: ['city', 'unit', 'days']
}

/**
 * One conversation, said to each wire in its own words, and each wire's answer read back into one form.
 * @param send posts a body to a route of the gateway under test
 */
const wiresSpokenWith = (send) => ({
  'chat completions': {
    send: ({ text, stream, tools, result, schema, reasoning, extra }) =>
      send('/v1/chat/completions', {
        model: 'gpt-5.4-mini',
        stream,
        messages: [
          { role: 'user', content: text },
          ...(result
            ? [
                {
                  role: 'assistant',
                  content: null,
                  tool_calls: [
                    {
                      id: 'c1',
                      type: 'function',
                      function: { name: 'get_weather', arguments: '{}' }
                    }
                  ]
                },
                { role: 'tool', tool_call_id: 'c1', content: result }
              ]
            : [])
        ],
        tools: tools?.map((name) => ({
          type: 'function',
          function: { name, parameters: WEATHER }
        })),
        response_format: schema && { type: 'json_schema', json_schema: { name: 'x', schema } },
        reasoning_effort: reasoning && 'low',
        ...extra
      }),
    whole: ({ choices: [{ message, finish_reason }], usage }) => ({
      text: message.content,
      reasoning: message.reasoning_content,
      calls:
        message.tool_calls?.map((call) => ({
          name: call.function.name,
          args: JSON.parse(call.function.arguments)
        })) ?? [],
      finish: finish_reason,
      usage: [usage.prompt_tokens, usage.completion_tokens]
    }),
    streamed: (events) => {
      const deltas = events
        .slice(0, -1)
        .flatMap(({ data }) => data.choices)
        .map(({ delta }) => delta)
      const parts = deltas.flatMap((delta) => delta.tool_calls ?? [])
      return {
        text: joined(deltas, 'content'),
        reasoning: joined(deltas, 'reasoning_content'),
        calls: parts
          .filter(({ id }) => id)
          .map(({ index, function: { name } }) => ({
            name,
            args: JSON.parse(
              parts
                .filter((part) => part.index === index)
                .map((part) => part.function.arguments)
                .join('')
            )
          })),
        deltas: deltas.filter((delta) => delta.content).length
      }
    }
  },
  responses: {
    send: ({ text, stream, tools, result, schema, reasoning, extra }) =>
      send('/v1/responses', {
        model: 'gpt-5.5',
        stream,
        input: [
          { role: 'user', content: [{ type: 'input_text', text }] },
          ...(result
            ? [
                { type: 'function_call', call_id: 'c1', name: 'get_weather', arguments: '{}' },
                { type: 'function_call_output', call_id: 'c1', output: result }
              ]
            : [])
        ],
        tools: tools?.map((name) => ({ type: 'function', name, parameters: WEATHER })),
        text: schema && { format: { type: 'json_schema', name: 'x', schema } },
        reasoning: reasoning && { effort: 'low' },
        ...extra
      }),
    whole: ({ output, status, usage }) => ({
      text:
        output
          .filter(({ type }) => type === 'message')
          .flatMap(({ content }) => content)
          .map(({ text }) => text)
          .join('') || null,
      reasoning: output.find(({ type }) => type === 'reasoning')?.summary[0].text,
      calls: output
        .filter(({ type }) => type === 'function_call')
        .map(({ name, arguments: args }) => ({ name, args: JSON.parse(args) })),
      finish: status,
      usage: [usage.input_tokens, usage.output_tokens]
    }),
    streamed: (events) => {
      const of = (type) => events.filter(({ name }) => name === type).map(({ data }) => data)
      return {
        text: joined(of('response.output_text.delta'), 'delta'),
        reasoning: joined(of('response.reasoning_summary_text.delta'), 'delta'),
        calls: of('response.output_item.done')
          .filter(({ item }) => item.type === 'function_call')
          .map(({ item, output_index: index }) => ({
            name: item.name,
            args: JSON.parse(
              joined(
                of('response.function_call_arguments.delta').filter(
                  (event) => event.output_index === index
                ),
                'delta'
              )
            )
          })),
        deltas: of('response.output_text.delta').length
      }
    }
  },
  messages: {
    send: ({ text, stream, tools, result, schema, reasoning, extra }) =>
      send(
        '/v1/messages',
        {
          model: 'claude-sonnet-4-6',
          max_tokens: 4096,
          stream,
          messages: [
            { role: 'user', content: text },
            ...(result
              ? [
                  {
                    role: 'assistant',
                    content: [{ type: 'tool_use', id: 't1', name: 'get_weather', input: {} }]
                  },
                  {
                    role: 'user',
                    content: [{ type: 'tool_result', tool_use_id: 't1', content: result }]
                  }
                ]
              : [])
          ],
          tools: tools?.map((name) => ({ name, input_schema: WEATHER })),
          output_config: schema && { format: { type: 'json_schema', schema } },
          thinking: reasoning && { type: 'enabled', budget_tokens: 1024 },
          ...extra
        },
        { headers: CLAUDE }
      ),
    whole: ({ content, stop_reason, usage }) => ({
      text:
        content
          .filter(({ type }) => type === 'text')
          .map(({ text }) => text)
          .join('') || null,
      reasoning: content.find(({ type }) => type === 'thinking')?.thinking,
      calls: content
        .filter(({ type }) => type === 'tool_use')
        .map(({ name, input }) => ({ name, args: input })),
      finish: stop_reason,
      usage: [usage.input_tokens, usage.output_tokens]
    }),
    streamed: (events) => {
      const of = (type) => events.filter(({ data }) => data.type === type).map(({ data }) => data)
      const deltas = of('content_block_delta').map(({ delta, index }) => ({ ...delta, index }))
      return {
        text: joined(deltas, 'text'),
        reasoning: joined(deltas, 'thinking'),
        calls: of('content_block_start')
          .filter(({ content_block: block }) => block.type === 'tool_use')
          .map(({ content_block: block, index }) => ({
            name: block.name,
            args: JSON.parse(
              joined(
                deltas.filter((delta) => delta.index === index),
                'partial_json'
              ) || '{}'
            )
          })),
        deltas: deltas.filter(({ text }) => text).length
      }
    }
  },
  gemini: {
    send: ({ text, stream, tools, result, schema, reasoning, extra }) =>
      send(
        `/gemini/v1beta/models/gemini-3.5-flash:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
        {
          contents: [
            { role: 'user', parts: [{ text }] },
            ...(result
              ? [
                  { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: {} } }] },
                  {
                    role: 'user',
                    parts: [{ functionResponse: { name: 'get_weather', response: { result } } }]
                  }
                ]
              : [])
          ],
          tools: tools && [
            { functionDeclarations: tools.map((name) => ({ name, parameters: WEATHER })) }
          ],
          generationConfig: {
            ...(schema && { responseMimeType: 'application/json', responseJsonSchema: schema }),
            ...(reasoning && { thinkingConfig: { includeThoughts: true } })
          },
          ...extra
        },
        { headers: GOOGLE }
      ),
    whole: ({
      candidates: [
        {
          content: { parts },
          finishReason
        }
      ],
      usageMetadata
    }) => ({
      text:
        parts
          .filter(({ text, thought }) => text && !thought)
          .map(({ text }) => text)
          .join('') || null,
      reasoning: parts.find(({ thought }) => thought)?.text,
      calls: parts
        .filter(({ functionCall }) => functionCall)
        .map(({ functionCall: { name, args } }) => ({ name, args })),
      finish: finishReason,
      usage: [usageMetadata.promptTokenCount, usageMetadata.candidatesTokenCount]
    }),
    streamed: (events) => {
      const parts = events.flatMap(({ data }) => data.candidates[0].content.parts)
      return {
        text: joined(
          parts.filter(({ thought }) => !thought),
          'text'
        ),
        reasoning: joined(
          parts.filter(({ thought }) => thought),
          'text'
        ),
        calls: parts
          .filter(({ functionCall }) => functionCall)
          .map(({ functionCall: { name, args } }) => ({ name, args })),
        deltas: parts.filter(({ text, thought }) => text && !thought).length
      }
    }
  }
})

function joined(items, member) {
  return items.map((item) => item[member] ?? '').join('')
}

module.exports = { wiresSpokenWith, joined, WEATHER }
