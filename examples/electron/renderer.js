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
  let content = ''
  let over = false
  showRunning(true)
  stopAnswer = window.chat.ask({ model: asked, messages }, ({ text, usage, error, done }) => {
    if (over) return
    if (text) shown.textContent = content += text
    if (usage) note(shown, `${asked}, ${usage.total_tokens} tokens`)
    if (error) article('error').textContent = error
    if (done) {
      over = true
      stopAnswer = undefined
      shown.classList.remove('streaming')
      if (content) messages.push({ role: 'assistant', content })
      showRunning(false)
    }
    conversation.scrollTop = conversation.scrollHeight
  })
}

function article(kind) {
  const element = document.createElement('article')
  element.className = kind
  return conversation.appendChild(element)
}

function note(shown, text) {
  shown.appendChild(document.createElement('small')).textContent = text
}

function showRunning(is) {
  send.hidden = is
  stop.hidden = !is
}
