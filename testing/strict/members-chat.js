'use strict'

// What a request to chat completions may hold: https://platform.openai.com/docs/api-reference/chat/create, and
// https://docs.mistral.ai/api for Mistral, whose server refuses every other member.

const { ANY, TEXT, members, tagged, textOr } = require('../shape')

const breakpoint = { prompt_cache_breakpoint: members('mode ttl') }
const text = members('type text', breakpoint)
const part = tagged({
  text,
  image_url: members('type', { image_url: textOr(members('url detail')), ...breakpoint }),
  input_audio: members('type', { input_audio: textOr(members('data format')), ...breakpoint }),
  file: members('type', { file: members('file_data file_id filename'), ...breakpoint }),
  refusal: members('type refusal')
})

const call = tagged(
  {
    function: members('id type', { function: members('name arguments') }),
    custom: members('id type', { custom: members('name input') })
  },
  { otherwise: members('id', { function: members('name arguments') }) }
)

const message = tagged(
  {
    system: members('role name', { content: textOr([text]) }),
    developer: members('role name', { content: textOr([text]) }),
    user: members('role name', { content: textOr([part]) }),
    // An answer of the server's own may come back as it is: `annotations` is among its members.
    assistant: members('role name refusal function_call annotations', {
      audio: members('id data expires_at transcript'),
      content: textOr([part]),
      tool_calls: [call]
    }),
    tool: members('role tool_call_id name', { content: textOr([text]) }),
    function: members('role name content')
  },
  { by: 'role' }
)

const OPENAI = members(
  'model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata ' +
    'moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_retention ' +
    'reasoning_effort safety_identifier seed service_tier store stream temperature tool_choice top_logprobs top_p ' +
    'user verbosity web_search_options ' +
    // The gateway's own ways to ask for reasoning: https://docs.aihubmix.com/en/api/unified-inference
    'reasoning',
  {
    thinking: ANY,
    messages: [message],
    stop: textOr([TEXT]),
    modalities: [TEXT],
    prompt_cache_options: members('mode ttl'),
    stream_options: members('include_obfuscation include_usage'),
    response_format: tagged({
      text: members('type'),
      json_object: members('type'),
      json_schema: members('type', { json_schema: members('name description schema strict') })
    }),
    tools: [
      tagged({
        function: members('type', { function: members('name description parameters strict') }),
        custom: members('type', { custom: members('name description format') })
      })
    ]
  }
)

const mistralMessage = tagged(
  {
    system: members('role content'),
    user: members('role content'),
    assistant: members('role content prefix', {
      tool_calls: [members('id type index', { function: members('name arguments') })]
    }),
    tool: members('role content tool_call_id name')
  },
  { by: 'role' }
)

const MISTRAL = members(
  'model temperature top_p max_tokens stream stop random_seed metadata response_format tool_choice presence_penalty ' +
    'frequency_penalty n prediction parallel_tool_calls prompt_mode reasoning_effort safe_prompt guardrails ' +
    'prompt_cache_key service_tier',
  {
    messages: [mistralMessage],
    tools: [members('type', { function: members('name description strict parameters') })]
  }
)

module.exports = { OPENAI, MISTRAL }
