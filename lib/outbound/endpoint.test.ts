import { describe, expect, it } from 'vitest'
import { endpointFault } from './endpoint'

describe('endpointFault', () => {
  it.each([
    'https://login.example.com',
    'https://login.example.com:8443/realms/one?x=1',
    'http://localhost:9000',
    'http://127.0.0.1:9000/realm',
    'http://[::1]:9000',
  ])('lets %s through', (text) => {
    expect(endpointFault(text)).toBeNull()
  })

  it.each([
    ['http://login.example.com', 'use https'],
    ['http://127.0.0.1.example.com', 'use https'],
    ['http://localhost.example.com', 'use https'],
    ['ftp://login.example.com', 'write an address'],
    ['//login.example.com', 'write an address'],
    ['login.example.com', 'write an address'],
    ['https://ana:secret@login.example.com', 'leave name and password out'],
    ['https://login.example.com/#x', 'after "#"'],
    [`https://login.example.com/${'x'.repeat(2_000)}`, 'at most 2000'],
  ])('refuses %s', (text, words) => {
    expect(endpointFault(text)).toContain(words)
  })
})
