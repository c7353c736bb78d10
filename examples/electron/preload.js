'use strict'

// All that the page can reach: the names of the models, and one answer at a time.

const { contextBridge, ipcRenderer } = require('electron')

contextBridge.exposeInMainWorld('chat', {
  models: () => ipcRenderer.invoke('models'),

  /** Asks; `onEvent` gets what `stream-chat.js` sends, and at last `{ done: true }`. Returns a function that stops it. */
  ask(question, onEvent) {
    const { port1: ours, port2: theirs } = new MessageChannel()
    ours.onmessage = ({ data }) => onEvent(data)
    ours.addEventListener('close', () => onEvent({ done: true }), { once: true })
    ipcRenderer.postMessage('chat', question, [theirs])
    return () => {
      ours.close()
      onEvent({ done: true })
    }
  }
})
