// Disagreements that have been looked into: the model and the sentence of `models:check`, and why our table
// stays. One that is no longer found is named by the script, and goes.

/** @type {{ models: string[], sentences: string[], why: string, source: string }[]} */
export const SETTLED = [
  {
    models: ['gpt-5-pro', 'gpt-5-pro-2025-10-06'],
    sentences: ['effort minimal: ours false, theirs true'],
    why: 'it takes `high` alone',
    source: 'https://platform.openai.com/docs/models/gpt-5-pro'
  },
  {
    models: ['gpt-5.2-pro', 'gpt-5.2-pro-2025-12-11'],
    sentences: ['effort minimal: ours false, theirs true'],
    why: 'the newer pro models take `medium` and above',
    source: 'https://platform.openai.com/docs/models/gpt-5.2-pro'
  },
  {
    models: ['gpt-5-chat'],
    sentences: ['effort minimal: ours false, theirs true'],
    why: 'the chat models of this line do not reason: so says the catalogue of @ai-sdk/openai',
    source: 'https://platform.openai.com/docs/models/gpt-5-chat-latest'
  },
  {
    models: ['gemini-exp-1206'],
    sentences: ['thinks: ours false, theirs true'],
    why: 'it came before the models that think, and is limited as the 1.5 models are',
    source: 'https://ai.google.dev/gemini-api/docs/changelog'
  },
  {
    models: ['gpt-5.2-pro', 'gpt-5.2-pro-2025-12-11', 'gpt-5.1-codex', 'codex-mini-latest'],
    sentences: ['on Responses alone: ours true, theirs false'],
    why: "openai's union of chat models holds every id; litellm's endpoints have Responses alone",
    source: 'litellm: supported_endpoints'
  }
]
