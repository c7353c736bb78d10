'use strict'

// What a request to generateContent may hold: https://ai.google.dev/api/generate-content and Google's
// discovery document. Protobuf's JSON takes both spellings of a name, `inlineData` and `inline_data`.

const { ANY, TEXT, members } = require('../shape')

const TYPES =
  'type format title description nullable maxItems minItems required minProperties maxProperties minLength maxLength ' +
  'pattern example propertyOrdering default minimum maximum enum'

// OpenAPI 3.0 as Google has it.
const schema = {
  ...members(TYPES),
  type: ANY,
  required: [TEXT],
  enum: [ANY],
  items: () => schema,
  anyOf: [() => schema],
  // Names of the caller's own.
  properties: (value) => Object.fromEntries(Object.keys(value).map((name) => [name, () => schema]))
}

const blob = members('mimeType data displayName')
const fileData = members('mimeType fileUri displayName')
const part = {
  ...members(
    'text thought thoughtSignature partMetadata mediaProcessing speechMetadata audioTranscription'
  ),
  inlineData: blob,
  fileData,
  functionCall: members('id name args partialArgs willContinue'),
  functionResponse: {
    ...members('id name response willContinue scheduling'),
    parts: [{ inlineData: blob, fileData }]
  },
  executableCode: members('id language code'),
  codeExecutionResult: members('id outcome output'),
  toolCall: members('id toolType toolName args'),
  toolResponse: members('id toolType response'),
  videoMetadata: members('startOffset endOffset fps'),
  mediaResolution: members('level numTokens')
}
const content = { role: TEXT, parts: [part] }

const declaration = {
  ...members('name description behavior parametersJsonSchema responseJsonSchema'),
  parameters: schema,
  response: schema
}

const REQUEST = {
  ...members(
    'model cachedContent serviceTier store labels continuationToken automaticContinuation'
  ),
  contents: [content],
  systemInstruction: content,
  tools: [
    {
      ...members(
        'googleSearch googleSearchRetrieval codeExecution urlContext computerUse fileSearch googleMaps mcpServers'
      ),
      functionDeclarations: [declaration]
    }
  ],
  toolConfig: {
    ...members('retrievalConfig includeServerSideToolInvocations'),
    functionCallingConfig: members('streamFunctionCallArguments', {
      mode: TEXT,
      allowedFunctionNames: [TEXT]
    })
  },
  safetySettings: [members('category threshold method')],
  generationConfig: {
    ...members(
      'candidateCount maxOutputTokens temperature topP topK seed presencePenalty frequencyPenalty ' +
        'responseLogprobs logprobs responseMimeType responseJsonSchema _responseJsonSchema ' +
        'responseFormat speechConfig mediaResolution enableEnhancedCivicAnswers audioTranscriptionConfig ' +
        'enableAffectiveDialog translationConfig audioTimestamp routingConfig modelSelectionConfig'
    ),
    stopSequences: [TEXT],
    responseModalities: [TEXT],
    responseSchema: schema,
    thinkingConfig: members('includeThoughts thinkingBudget thinkingLevel'),
    imageConfig: members(
      'aspectRatio imageSize personGeneration outputMimeType outputCompressionQuality imageOutputOptions prominentPeople'
    )
  }
}

module.exports = { REQUEST }
