// Prints what CHANGELOG.md says of the present version (or of the one named), for the notes of a release.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, root } from './platforms.mjs'

const version = process.argv[2] ?? readJson('package.json').version
const text = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
const [, section] = text.split(`\n## [${version}]`)
if (section === undefined) {
  console.error(`CHANGELOG.md has no section for ${version}`)
  process.exit(1)
}
// From behind the title to the next section or the list of links.
console.log(
  section
    .slice(section.indexOf('\n'))
    .split(/\n(?=## |\[[^\]]+\]: )/)[0]
    .trim()
)
