// What everything that answers in OpenAI's shape has in common.

export const inOpenaisShape = {
  message: (message) => message,
  answerText: ({ choices }) => choices[0].message.content,
  chunkText({ choices }) {
    const delta = choices[0]?.delta
    return (
      delta?.content ?? delta?.reasoning_content ?? delta?.tool_calls?.[0].function?.arguments ?? ''
    )
  }
}
