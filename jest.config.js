'use strict'

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__test__/**/*.spec.js'],
  modulePathIgnorePatterns: ['<rootDir>/npm/', '<rootDir>/target/'],
  // The code runs as it is written and as it is shipped.
  transform: {},
  // Loopback only, but a loaded machine may be slow to start workers and child processes.
  testTimeout: 20_000
}
