'use strict'

const [conversation, form, model, question, send, stop] = [
  '#conversation',
  'form',
  '#model',
  '#question',
  '#send',
  '#stop'
].map((selector) => document.querySelector(selector))

// One history for all models: the next question may go to another vendor.
const messages = []
let stopAnswer

window.chat.models().then((names) => names.forEach((name) => model.add(new Option(name))))

form.addEventListener('submit', (event) => {
  event.preventDefault()
  const content = question.value.trim()
  if (stopAnswer || !content) return
  messages.push({ role: 'user', content })
  article('user').textContent = content
  question.value = ''
  answer(article('assistant streaming'))
})

question.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  form.requestSubmit()
})
stop.addEventListener('click', () => stopAnswer?.())

function answer(shown) {
  const asked = model.value
  const drawing = drawingIn(shown)
  let message
  let over = false
  showRunning(true)
  stopAnswer = window.chat.ask({ model: asked, messages }, (event) => {
    if (over) return
    drawing.add(event)
    message ??= event.message
    if (event.usage) note(shown, `${asked}, ${event.usage.total_tokens} tokens`)
    if (event.error) article('error').textContent = event.error
    if (!event.done) return
    over = true
    stopAnswer = undefined
    shown.classList.remove('streaming')
    // Whole, with what the vendor wants back; what was stopped has its words alone.
    const content = drawing.content()
    if (message ?? content) messages.push(message ?? { role: 'assistant', content })
    showRunning(false)
  })
}

// Reasoning and text as they grow, drawn once a frame, however many pieces have come.
function drawingIn(shown) {
  const thoughts = part(shown, 'details', 'thoughts')
  const said = part(shown, 'div', 'answer')
  let [reasoning, content, waits] = ['', '', false]
  thoughts.hidden = true
  const draw = () => {
    waits = false
    thoughts.hidden = !reasoning
    thoughts.replaceChildren(part(thoughts, 'summary', ''), reasoning)
    thoughts.firstChild.textContent = 'Reasoning'
    said.replaceChildren(window.markdown(content))
    conversation.scrollTop = conversation.scrollHeight
  }
  return {
    content: () => content,
    add({ reasoning: thought = '', text = '' }) {
      reasoning += thought
      content += text
      if (!waits) waits = requestAnimationFrame(draw) > 0
    }
  }
}

function article(kind) {
  return part(conversation, 'article', kind)
}

function part(parent, name, kind) {
  const element = document.createElement(name)
  element.className = kind
  return parent.appendChild(element)
}

function note(shown, text) {
  part(shown, 'small', '').textContent = text
}

function showRunning(is) {
  send.hidden = is
  stop.hidden = !is
}
