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
  },
  {
    models: ['gpt-5.6-cyber', 'gpt-6-cyber', 'gpt-rosalind-research', 'gpt-6-rosalind'],
    sentences: ['on Responses alone: ours false, theirs true'],
    why: "openai's union of chat models lags behind; litellm has chat completions among their endpoints",
    source: 'litellm: supported_endpoints of gpt-5.6-cyber'
  },
  {
    models: ['claude-opus-5', 'claude-sonnet-5', 'claude-opus-4-8', 'claude-opus-4-7'],
    sentences: ['a budget: ours false, theirs true'],
    why: 'from Opus 4.7 on thinking is adaptive, and `budget_tokens` a 400',
    source: 'https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking'
  },
  {
    models: ['claude-3-haiku-20240307'],
    sentences: ['a budget: ours false, theirs true'],
    why: 'it does not think',
    source: 'https://platform.claude.com/docs/en/build-with-claude/extended-thinking'
  },
  {
    models: ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image-preview'],
    sentences: ['level low: ours false, theirs true', 'level medium: ours false, theirs true'],
    why: 'the flash image models have `minimal` and `high`',
    source: 'https://ai.google.dev/gemini-api/docs/image-generation'
  },
  {
    models: ['gemini-3-pro-preview'],
    sentences: ['level medium: ours false, theirs true'],
    why: 'it has `low` and `high`; `medium` came with 3.1',
    source: 'https://ai.google.dev/gemini-api/docs/thinking'
  },
  {
    models: ['gemini-4-argon', 'gemini-4-carbon', 'gemini-pro-latest'],
    sentences: ['level minimal: ours false, theirs true'],
    why: 'no model of the pro kind has `minimal`; the catalogue has no case for their names',
    source: 'https://ai.google.dev/gemini-api/docs/thinking'
  },
  {
    models: ['gemini-3.1-flash-tts-preview'],
    sentences: ['minimal', 'low', 'medium', 'high'].map(
      (level) => `level ${level}: ours false, theirs true`
    ),
    why: 'speech is not thought about; the catalogue has no case for its name',
    source: 'https://ai.google.dev/gemini-api/docs/speech-generation'
  }
]
