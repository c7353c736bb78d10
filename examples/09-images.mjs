// Images made and changed. Imagen and the vendors' own models are reached by the same call.

import { writeFile } from 'node:fs/promises'
import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()

for (const model of ['gpt-image-2', 'imagen-4.0-generate-001', 'bfl/flux-kontext-max']) {
  const { data } = await client.images.generate({ model, prompt: 'a red fox in the snow' })
  const [{ b64_json, url }] = data
  if (url !== undefined) {
    console.log(`${model}: ${url}`)
  } else {
    const file = `${model.replace(/\W+/g, '-')}.png`
    await writeFile(file, b64_json, 'base64')
    console.log(`${model}: ${file}`)
  }
}

// The path of a file is enough; Buffers, Blobs and streams are too.
const edited = await client.images.edit({
  model: 'gpt-image-2',
  image: './gpt-image-2.png',
  prompt: 'make it blue'
})
await writeFile('blue.png', edited.data[0].b64_json, 'base64')
console.log('blue.png')
