// The Markdown that models write, as nodes of the page: headings, lists, quotes, code, emphasis, links. What a model
// says is text and never HTML, so nothing of it can run here. A plain script: pages from a file can load it too.

window.markdown = (text) => {
  const blocks = document.createDocumentFragment()
  for (const [fence, language, code, rest] of split(text)) {
    if (fence) blocks.append(element('pre', [element('code', [code], language)]))
    else blocks.append(...paragraphs(rest))
  }
  return blocks
}

// Fences first: what is between them is no Markdown. One that is still open goes to the end.
function* split(text) {
  const fences = /^```(\w*)[^\n]*\n([\s\S]*?)(?:\n```[ \t]*$|$(?![\s\S]))/gm
  let from = 0
  for (const { 0: all, 1: language, 2: code, index } of text.matchAll(fences)) {
    yield [false, '', '', text.slice(from, index)]
    yield [true, language, code, '']
    from = index + all.length
  }
  yield [false, '', '', text.slice(from)]
}

function paragraphs(text) {
  return text
    .split(/\n{2,}/)
    .filter((block) => block.trim())
    .map((block) => paragraph(block.trim()))
}

function paragraph(block) {
  const heading = /^(#{1,6}) (.*)$/.exec(block)
  if (heading) return element(`h${Math.min(heading[1].length + 2, 6)}`, inline(heading[2]))
  const lines = block.split('\n')
  const list = [
    ['ul', /^\s*[-*+] /],
    ['ol', /^\s*\d+[.)] /],
    ['blockquote', /^> ?/]
  ].find(([, mark]) => lines.every((line) => mark.test(line)))
  if (!list) return element('p', inline(block))
  const [kind, mark] = list
  const items = lines.map((line) => inline(line.replace(mark, '')))
  return element(
    kind,
    items.map((item) => element(kind === 'blockquote' ? 'p' : 'li', item))
  )
}

function inline(text) {
  const marks = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?:[^)\s]+)\)/g
  const nodes = []
  let from = 0
  for (const { 0: all, 1: code, 2: strong, 3: em, 4: label, 5: href, index } of text.matchAll(
    marks
  )) {
    nodes.push(text.slice(from, index))
    if (code) nodes.push(element('code', [code]))
    else if (strong) nodes.push(element('strong', [strong]))
    else if (em) nodes.push(element('em', [em]))
    else nodes.push(Object.assign(element('a', [label]), { href, rel: 'noreferrer' }))
    from = index + all.length
  }
  return [...nodes, text.slice(from)]
}

function element(name, children, className = '') {
  const made = document.createElement(name)
  if (className) made.className = className
  made.append(...children)
  return made
}
