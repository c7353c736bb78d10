'use strict'

// What a request to Messages may hold, betas included.
// https://platform.claude.com/docs/en/api/messages, and the types of `@anthropic-ai/sdk`.

const { ANY, OBJECT, TEXT, members, tagged, textOr } = require('../shape')

const cacheControl = members('type ttl')
const citations = [ANY]

const source = tagged({
  base64: members('type media_type data'),
  url: members('type url'),
  file: members('type file_id'),
  text: members('type media_type data'),
  content: members('type content')
})
const text = members('type text', { cache_control: cacheControl, citations })
const image = members('type transformations', { source, cache_control: cacheControl })
const document = members('type title context citations', { source, cache_control: cacheControl })
const searchResult = members('type source title citations', {
  cache_control: cacheControl,
  content: [text]
})
const toolReference = members('type tool_name', { cache_control: cacheControl })
const browserState = members('type tabs state_changes', { cache_control: cacheControl })
const toolUse = members('type id name input caller toolset_name', { cache_control: cacheControl })
const serverResult = members('type tool_use_id content caller', { cache_control: cacheControl })
const toolChange = members('type tool', { cache_control: cacheControl })

const block = tagged({
  text,
  image,
  document,
  search_result: searchResult,
  thinking: members('type thinking signature'),
  redacted_thinking: members('type data'),
  tool_use: toolUse,
  tool_result: members('type tool_use_id is_error toolset_name', {
    cache_control: cacheControl,
    content: textOr([
      tagged({
        text,
        image,
        document,
        search_result: searchResult,
        tool_reference: toolReference,
        browser_state: browserState
      })
    ])
  }),
  server_tool_use: toolUse,
  web_search_tool_result: serverResult,
  web_fetch_tool_result: serverResult,
  code_execution_tool_result: serverResult,
  bash_code_execution_tool_result: serverResult,
  text_editor_code_execution_tool_result: serverResult,
  tool_search_tool_result: serverResult,
  advisor_tool_result: serverResult,
  mcp_tool_use: members('type id name input server_name', { cache_control: cacheControl }),
  mcp_tool_result: members('type tool_use_id content is_error', { cache_control: cacheControl }),
  mcp_tool_listing: members('type mcp_server_name tools'),
  container_upload: members('type file_id', { cache_control: cacheControl }),
  compaction: members('type content encrypted_content signature tool_changes', {
    cache_control: cacheControl
  }),
  fallback: members('type from to trigger'),
  tool_addition: toolChange,
  tool_removal: toolChange
})

const custom = members(
  'type name description input_schema strict allowed_callers defer_loading eager_input_streaming input_examples',
  { cache_control: cacheControl }
)

/** `custom` tools by their members; what the vendor runs itself is known to it by version. */
const tool = (value) => (value?.type === undefined || value.type === 'custom' ? custom : OBJECT)

const thinking = tagged({
  enabled: members('type budget_tokens display', {
    block_binding: members('prefix_mismatch_behavior')
  }),
  adaptive: members('type display', { block_binding: members('prefix_mismatch_behavior') }),
  disabled: members('type'),
  between_tools: members('type')
})

const REQUEST = members(
  'model max_tokens stream temperature top_k top_p service_tier inference_geo ' +
    // Betas.
    'billing_policy compaction container context_management diagnostics fallback_credit_token fallbacks mcp_servers ' +
    'output_format speed thread user_profile_id workspace_id',
  {
    cache_control: cacheControl,
    metadata: members('user_id'),
    stop_sequences: [TEXT],
    system: textOr([text]),
    messages: [members('role clear_at output_config', { content: textOr([block]) })],
    thinking,
    tool_choice: tagged({
      auto: members('type disable_parallel_tool_use'),
      any: members('type disable_parallel_tool_use'),
      tool: members('type name disable_parallel_tool_use'),
      none: members('type')
    }),
    tools: [tool],
    output_config: members('effort task_budget', { format: members('type schema') })
  }
)

module.exports = { REQUEST }
