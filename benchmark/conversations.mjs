// What is sent, in OpenAI's shape; an adapter turns each message into its client's own, before anything is measured.

const SENTENCE =
  'The quick brown fox jumps over the lazy dog while the model keeps talking about it. '
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAA'.repeat(43_690)
const MOST_TURNS = 100

const user = (content) => ({ role: 'user', content })
const turn = (index, length) => ({
  role: index % 2 === 0 ? 'user' : 'assistant',
  content: SENTENCE.repeat(Math.ceil(length / SENTENCE.length))
})

const short = () => [user('Say hello, in one short sentence please.')]
const history = () => Array.from({ length: 199 }, (_, index) => turn(index, 5_200))
const image = () => [
  user([
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${PICTURE}` } }
  ])
]

const again = (make) => (message) => {
  const messages = make().map(message)
  return () => messages
}

const anew = (make) => (message) => {
  const messages = make().map(message)
  return () => messages.map((one) => ({ ...one }))
}

// Each asks for messages in a client's own shape, and gives a function that says what the next call sends.
export const CONVERSATIONS = {
  short: again(short),
  // As if they had never been sent: whoever remembers messages has not seen these.
  history: anew(history),
  image: anew(image),
  // The history, and an exchange more each time; after a hundred, from the beginning.
  turns: growing(history, 200),
  // From nothing, by 10 KB a turn: an answer and what a tool said.
  growing: growing(() => [], 5_000)
}

function growing(start, length) {
  return (message) => {
    const first = start().map(message)
    const exchange = (at) => [message(turn(at + 1, length)), message(turn(at, length))]
    let messages
    let turns = MOST_TURNS
    return () => {
      if (turns === MOST_TURNS) {
        messages = [...first]
        if (messages.length === 0) messages.push(message(turn(0, length)))
        turns = 0
      } else messages.push(...exchange(2 * turns))
      turns += 1
      return messages
    }
  }
}
