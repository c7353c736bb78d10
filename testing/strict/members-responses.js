'use strict'

// What a request to Responses may hold: https://platform.openai.com/docs/api-reference/responses/create, and
// the types of `openai`.

const { ANY, OBJECT, TEXT, members, tagged, textOr } = require('../shape')

const breakpoint = { prompt_cache_breakpoint: members('mode ttl') }
const part = tagged({
  input_text: members('type text', breakpoint),
  input_image: members('type detail file_id image_url', breakpoint),
  input_file: members('type detail file_data file_id file_url filename', breakpoint),
  input_audio: members('type input_audio'),
  output_text: members('type text annotations logprobs', breakpoint),
  refusal: members('type refusal')
})

const message = members('id type role status phase', { content: textOr([part]) })
const item = tagged(
  {
    message,
    reasoning: members('type id summary content encrypted_content status'),
    function_call: members('type id call_id name arguments status caller namespace'),
    function_call_output: members('type id call_id status caller', { output: textOr([part]) }),
    custom_tool_call: members('type id call_id name input status caller namespace'),
    custom_tool_call_output: members('type id call_id output caller'),
    item_reference: members('type id'),
    web_search_call: members('type id action status'),
    file_search_call: members('type id queries status results'),
    code_interpreter_call: members('type id code container_id outputs status'),
    image_generation_call: members(
      'type id result status action background output_format quality revised_prompt size'
    ),
    computer_call: members('type id call_id action actions pending_safety_checks status'),
    computer_call_output: members('type id call_id output acknowledged_safety_checks status'),
    local_shell_call: members('type id call_id action status'),
    local_shell_call_output: members('type id output status'),
    shell_call: members('type id call_id action status environment caller'),
    shell_call_output: members('type id call_id output max_output_length status caller'),
    apply_patch_call: members('type id call_id operation status caller'),
    apply_patch_call_output: members('type id call_id output status caller'),
    mcp_list_tools: members('type id server_label tools error'),
    mcp_approval_request: members('type id arguments name server_label'),
    mcp_approval_response: members('type id approval_request_id approve reason'),
    mcp_call: members(
      'type id arguments name server_label approval_request_id error output status'
    ),
    tool_search_call: members('type id call_id execution status', { arguments: ANY }),
    tool_search_output: members('type id call_id tools execution status'),
    additional_tools: members('type id role tools'),
    compaction: members('type id encrypted_content'),
    configuration_update: ANY,
    program: ANY,
    program_output: members('type id call_id result status')
  },
  { otherwise: message }
)

const toolShapes = tagged({
  function: members(
    'type name parameters strict description allowed_callers defer_loading output_schema'
  ),
  custom: members('type name description format allowed_callers defer_loading')
})

/** Functions by their members; what the vendor runs itself is for it to read. */
const tool = (value) =>
  value?.type === 'function' || value?.type === 'custom' ? toolShapes : OBJECT

const REQUEST = members(
  'background context_management conversation instructions max_output_tokens max_tool_calls metadata model ' +
    'moderation parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_retention ' +
    'safety_identifier service_tier store stream temperature tool_choice top_logprobs top_p truncation user',
  {
    input: textOr([item]),
    include: [TEXT],
    prompt_cache_options: members('mode ttl'),
    reasoning: members('context effort generate_summary mode summary'),
    stream_options: members('include_obfuscation'),
    tools: [tool],
    text: {
      verbosity: ANY,
      format: tagged({
        text: members('type'),
        json_object: members('type'),
        json_schema: members('type name schema strict description'),
        grammar: ANY
      })
    }
  }
)

module.exports = { REQUEST }
