'use strict'

// What a bundler for browsers takes in place of the client: it says at once why it cannot work there.

throw new Error(
  'aihubmix-native runs in Node.js, Bun, Deno and the main process of Electron, not in a browser or a renderer: ' +
    'call it in the process behind the page and hand the answer over ' +
    '(https://github.com/aihubmix/aihubmix-native/blob/main/docs/electron.md).'
)
