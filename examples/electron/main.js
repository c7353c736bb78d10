'use strict'

// The main process holds the key and talks to the gateway; the window only shows.
//
//   npm install && npm start       in development
//   npm run package                with electron-builder; see "build" in package.json
//
// With AIHUBMIX_API_KEY set it talks to the real gateway (and costs a little), else to the mock gateway.
// A binary that has to be there for Electron in particular does not exist: Node-API is the same in both, so
// that nothing is rebuilt (`npmRebuild: false`). The operating system loads libraries from files only,
// hence `asarUnpack`.

const path = require('node:path')
const { app, BrowserWindow, ipcMain } = require('electron')
const { AihubmixModelClient } = require('aihubmix-native')
const { streamChat } = require('./stream-chat')

const MODELS = ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']

app.whenReady().then(async () => {
  const client = await makeClient()
  ipcMain.handle('models', () => MODELS)
  ipcMain.on('chat', ({ ports: [port] }, question) => void streamChat(client, question, port))
  openWindow()
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow()
  })
})

app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit()
})

function openWindow() {
  const window = new BrowserWindow({
    width: 900,
    height: 640,
    // The defaults, written down: the page has neither Node nor the key.
    webPreferences: {
      preload: path.join(__dirname, 'preload.js'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false
    }
  })
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  window.webContents.on('will-navigate', (event) => event.preventDefault())
  void window.loadFile('index.html')
}

async function makeClient() {
  if (process.env.AIHUBMIX_API_KEY) return new AihubmixModelClient()
  const { startMockGateway } = require('aihubmix-native/testing')
  const gateway = await startMockGateway()
  return new AihubmixModelClient({ apiKey: 'sk-mock', baseURL: gateway.url })
}
