'use strict'

// Certificates for TLS servers of the tests, made when they are needed: no private key lies in the
// repository, and none expires there. Node can sign but not write X.509, so the little DER is here (RFC 5280).

const crypto = require('node:crypto')

const DAY = 24 * 3600 * 1000

const OIDS = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  subjectAltName: '2.5.29.17'
}

// An authority: `pem` to be trusted, `issue` for the identity of a server.
function makeAuthority(name = 'Test authority') {
  const keys = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const own = { name, key: keys.privateKey }
  const pem = certificate({
    issuer: own,
    subject: name,
    publicKey: keys.publicKey,
    from: Date.now() - DAY,
    until: Date.now() + 365 * DAY,
    extensions: [
      extension(OIDS.basicConstraints, sequence(boolean(true)), true),
      extension(OIDS.keyUsage, tlv(0x03, Buffer.from([2, 0b00000110])), true)
    ]
  })
  return {
    pem,
    // `hosts`: DNS names and IPv4 addresses. `curve`: of the server's own key.
    issue(
      hosts = ['localhost', '127.0.0.1'],
      { from = Date.now() - DAY, until = Date.now() + 90 * DAY, curve = 'P-256' } = {}
    ) {
      const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: curve })
      const cert = certificate({
        issuer: own,
        subject: hosts[0],
        publicKey,
        from,
        until,
        extensions: [
          extension(OIDS.keyUsage, tlv(0x03, Buffer.from([7, 0b10000000])), true),
          extension(OIDS.extendedKeyUsage, sequence(oid(OIDS.serverAuth))),
          extension(OIDS.subjectAltName, sequence(...hosts.map(alternativeName)))
        ]
      })
      return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) }
    },
    expired() {
      return this.issue(undefined, { from: Date.now() - 30 * DAY, until: Date.now() - 2 * DAY })
    }
  }
}

function certificate({ issuer, subject, publicKey, from, until, extensions }) {
  const algorithm = sequence(oid(OIDS.ecdsaWithSha256))
  const content = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), crypto.randomBytes(15)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(from), time(until)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions))
  )
  const signature = crypto.sign('sha256', content, issuer.key)
  const der = sequence(content, algorithm, tlv(0x03, Buffer.from([0]), signature))
  const lines = der
    .toString('base64')
    .match(/.{1,64}/g)
    .join('\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

function distinguishedName(name) {
  return sequence(tlv(0x31, sequence(oid(OIDS.commonName), tlv(0x0c, Buffer.from(name)))))
}

function extension(id, value, critical = false) {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), tlv(0x04, value))
}

function alternativeName(host) {
  const isAddress = /^\d+(\.\d+){3}$/.test(host)
  return isAddress
    ? tlv(0x87, Buffer.from(host.split('.').map(Number)))
    : tlv(0x82, Buffer.from(host))
}

function sequence(...parts) {
  return tlv(0x30, ...parts)
}

function boolean(value) {
  return tlv(0x01, Buffer.from([value ? 0xff : 0]))
}

function integer(bytes) {
  return tlv(0x02, bytes)
}

function time(at) {
  const digits = new Date(at).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')
  return tlv(0x17, Buffer.from(digits.slice(2)))
}

function oid(dotted) {
  const [first, second, ...rest] = dotted.split('.').map(Number)
  return tlv(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(number) {
  const digits = [number & 0x7f]
  for (let left = number >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80)
  return digits
}

function tlv(tag, ...parts) {
  const content = Buffer.concat(parts)
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const digits = []
  for (let left = length; left > 0; left >>>= 8) digits.unshift(left & 0xff)
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length, ...digits]), content])
}

module.exports = { makeAuthority }
