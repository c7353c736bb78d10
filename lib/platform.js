'use strict'

// Which package holds the binary of the platform this process runs on.

const PUBLISHED = [
  'linux-x64-gnu',
  'linux-x64-musl',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
  'win32-arm64-msvc'
]

// The platform's name in the manner of the platform packages, whether or not there is one.
function platformName() {
  const abi = { linux: linuxAbi, win32: () => 'msvc' }[process.platform]?.()
  return [process.platform, process.arch, abi].filter(Boolean).join('-')
}

// Node's own report knows the glibc it runs on; on musl the field is absent.
function linuxAbi() {
  // Without this it may look up the names of every open connection's peer.
  process.report.excludeNetwork = true
  return process.report.getReport().header.glibcVersionRuntime ? 'gnu' : 'musl'
}

module.exports = { PUBLISHED, platformName }
