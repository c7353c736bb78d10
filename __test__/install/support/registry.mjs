// A package registry on loopback that has this project's packages and knows where all others are.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

/**
 * Serves `packages` (`{ manifest, tarball }`, the latter a path) and sends everybody else on to `upstream`,
 * the URL of the registry npm is configured with. Resolves with `{ url, close() }`.
 */
export async function startRegistry(packages, upstream) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url.split('?')[0])
    const published = packages.find(({ manifest }) => path === `/${manifest.name}`)
    const packed = packages.find(({ manifest }) => path === tarballPath(manifest))
    if (published) {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(packument(published, url)))
    } else if (packed) {
      response.setHeader('content-type', 'application/octet-stream')
      response.end(readFileSync(packed.tarball))
    } else {
      response.writeHead(307, { location: upstream.replace(/\/$/, '') + request.url }).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${server.address().port}`
  return {
    url,
    close() {
      server.close()
      server.closeAllConnections()
    }
  }
}

function packument({ manifest, tarball }, url) {
  const { name, version } = manifest
  const hash = (algorithm, encoding) =>
    createHash(algorithm).update(readFileSync(tarball)).digest(encoding)
  const dist = {
    tarball: url + tarballPath(manifest),
    shasum: hash('sha1', 'hex'),
    integrity: `sha512-${hash('sha512', 'base64')}`
  }
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist } },
    // Package managers may refuse what was published a moment ago.
    time: { modified: '2020-01-01T00:00:00.000Z', [version]: '2020-01-01T00:00:00.000Z' }
  }
}

function tarballPath({ name, version }) {
  return `/${name}/-/${name}-${version}.tgz`
}
