// What a built addon exports, which libraries and which glibc it needs, and what it weighs.
//
//   node scripts/check-binary.mjs <file.node> [--glibc 2.17]
//
// Fails where Node could not load it, where it needs a library users do not have, a newer glibc than the
// one given, names a folder of the machine it was built on, or weighs more than its budget, gzipped as users
// download it. Reads the file with the platform's own tools (readelf; otool and nm;
// objdump or dumpbin); what no tool here can read is said and not judged.

import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { root } from './platforms.mjs'
import { read } from './run.mjs'

const megabyte = 1024 * 1024
const gzippedBudget = 4 * megabyte

// Node looks this symbol up in every addon that it loads.
const entryPoint = 'napi_register_module_v1'

// What every supported system has. The C runtime of Windows is linked in (`.cargo/config.toml`).
const expectedLibraries = {
  elf: /^(lib(c|m|dl|rt|pthread|gcc_s)\.so(\.\d+)?|libc\.musl-\w+\.so\.1|ld-linux[\w-]*\.so\.\d)$/,
  macho: /^(\/usr\/lib\/|\/System\/Library\/|@rpath\/[^/]*\.(node|dylib)$)/,
  pe: /^(kernel32|kernelbase|ntdll|advapi32|bcrypt|bcryptprimitives|crypt32|secur32|ws2_32|userenv|iphlpapi|user32|ole32|shell32|node\.exe|api-ms-win-.*)(\.dll)?$/i
}

// Where builders live, and where this one does (`scripts/build.mjs` maps them to names of no machine).
const buildersFolders = ['/home/', '/root/', '/Users/', ':\\Users\\', homedir(), root]

const readers = { elf: readElf, macho: readMachO, pe: readPe }

const { values, positionals } = parseArgs({
  options: { glibc: { type: 'string' } },
  allowPositionals: true
})
if (positionals.length !== 1) {
  console.error('usage: node scripts/check-binary.mjs <file.node> [--glibc 2.17]')
  process.exit(2)
}

const file = resolve(positionals[0])
const format = formatOf(file)
const problems = []

const bytes = readFileSync(file)
checkSize()
checkFolders()
const facts = readers[format](file)
if (facts) {
  checkExports(facts.exports)
  checkLibraries(facts.libraries)
  if (facts.glibc?.length > 0) checkGlibc(facts.glibc)
} else {
  console.log(`contents   not checked: no tool on this machine reads ${format} files`)
}

for (const problem of problems) console.error(`✗ ${problem}`)
process.exitCode = problems.length === 0 ? 0 : 1

function checkSize() {
  const gzipped = gzipSync(bytes, { level: 9 }).length
  const megabytes = (size) => `${(size / megabyte).toFixed(2)} MB`
  console.log(`size       ${megabytes(bytes.length)}, ${megabytes(gzipped)} gzipped`)
  if (gzipped > gzippedBudget)
    problems.push(`it weighs more than ${megabytes(gzippedBudget)} gzipped`)
}

function checkFolders() {
  const found = buildersFolders.find((folder) => bytes.includes(folder))
  if (!found) return
  const place = bytes.indexOf(found)
  const [path] = /^[\x20-\x7e]{0,80}/.exec(bytes.toString('latin1', place, place + 80))
  problems.push(`it names a folder of the machine it was built on: ${path}`)
}

function checkExports(names) {
  console.log(`exports    ${names.join(', ') || 'nothing'}`)
  if (!names.includes(entryPoint)) problems.push(`it does not export ${entryPoint}`)
}

function checkLibraries(names) {
  console.log(`libraries  ${names.join(', ') || 'none'}`)
  for (const name of names.filter((name) => !expectedLibraries[format].test(name))) {
    problems.push(`it needs ${name}`)
  }
}

function checkGlibc(versions) {
  const newest = versions.sort(byVersion).at(-1)
  console.log(`glibc      ${newest} or later`)
  if (values.glibc && byVersion(newest, values.glibc) > 0) {
    problems.push(`it needs glibc ${newest}, newer than ${values.glibc}`)
  }
}

function formatOf(path) {
  const head = Buffer.alloc(4)
  const descriptor = openSync(path, 'r')
  readSync(descriptor, head)
  closeSync(descriptor)
  if (head.toString('latin1') === '\x7fELF') return 'elf'
  if (head.readUInt32LE() === 0xfeedfacf) return 'macho'
  if (head.toString('latin1', 0, 2) === 'MZ') return 'pe'
  throw new Error(`${path} is not a library of Linux, macOS or Windows`)
}

function readElf(path) {
  const symbols = read('readelf', ['--dyn-syms', '--wide', path])
  const dynamic = read('readelf', ['--dynamic', '--wide', path])
  const versions = read('readelf', ['--version-info', '--wide', path])
  if (!symbols || !dynamic || !versions) return undefined
  return {
    // 7: 00000000001a2b30  120 FUNC  GLOBAL DEFAULT  12 napi_register_module_v1
    exports: matches(symbols, /(?:GLOBAL|WEAK)\s+DEFAULT\s+\d+\s+([^\s@]+)/g),
    libraries: matches(dynamic, /\(NEEDED\).*\[(.+)\]/g),
    glibc: matches(versions, /Name: GLIBC_([\d.]+)/g)
  }
}

function readMachO(path) {
  const symbols = read('nm', ['-gU', path])
  const libraries = read('otool', ['-L', path])
  if (!symbols || !libraries) return undefined
  return {
    exports: matches(symbols, /^\S+ [A-Z] _(.+)$/gm),
    libraries: matches(libraries, /^\t(\S+) \(/gm)
  }
}

function readPe(path) {
  const headers = read('objdump', ['-p', path])
  if (headers) {
    return {
      // [   0] +base[   1]  0000 napi_register_module_v1
      exports: matches(headers, /^\s*\[\s*\d+\](?: \+base\[\s*\d+\])?\s+[\da-f]+ (\w+)$/gm),
      libraries: matches(headers, /DLL Name: (\S+)/g)
    }
  }
  const exported = read('dumpbin', ['/exports', path])
  const dependents = read('dumpbin', ['/dependents', path])
  if (!exported || !dependents) return undefined
  return {
    exports: matches(exported, /^\s+\d+\s+[\dA-F]+ [\dA-F]{8} (\w+)/gm),
    libraries: matches(dependents, /^\s+(\S+\.(?:dll|exe))\s*$/gim)
  }
}

function matches(text, pattern) {
  return [...new Set([...text.matchAll(pattern)].map(([, found]) => found))]
}

function byVersion(one, other) {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number))
  const differing = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0))
  return differing === undefined ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0)
}
