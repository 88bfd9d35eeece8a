import { describe, expect, it } from 'vitest'
import { type Config, evaluate } from '../../lib/evaluation'
import { loadRegex } from '../../lib/regex'
import { configOf, idOf, patchOf } from '../../tests/support/configs'
import { matching } from '../../tests/support/patterns'
import { ScriptedServer } from '../../tests/support/scripted-server'
import { heldBy, startSession } from '../../tests/support/sync-harness'
import type { Session } from './session'

/** The engine comes when a test lets it. */
function held() {
  let release: () => void = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const asked = { times: 0 }
  return {
    asked,
    loadRegex: () => {
      asked.times++
      return released
    },
    release: async () => {
      await loadRegex()
      release()
    },
  }
}

const plain = () => configOf(1, { plain: matching() })
const picky = (version = 1) => configOf(version, { picky: matching('^x'), plain: matching() })

const answer = (session: Session, flag = 'picky') => {
  const config = heldBy(session)
  return config && evaluate(config, flag, { a: 'xyz' }, 0).reason
}

describe('a config without patterns', () => {
  it('loads nothing', async () => {
    const engine = held()
    const { clock, session } = startSession(engine, new ScriptedServer(plain()))
    await clock.advance(100)
    expect(session.status).toBe('ready')
    expect(engine.asked.times).toBe(0)
  })
})

describe('the first config', () => {
  it('is held back until its patterns can be read, and READY with it', async () => {
    const engine = held()
    const server = new ScriptedServer(picky())
    const { clock, session } = startSession(engine, server)
    let ready = false
    void session.initialized.then(() => {
      ready = true
    })
    await clock.advance(1_000)
    expect([ready, session.config]).toEqual([false, null])
    await engine.release()
    await clock.advance(0)
    expect(ready).toBe(true)
    expect(session.status).toBe('ready')
    expect(answer(session)).toBe('TARGETING_MATCH')
    expect(engine.asked.times).toBe(1)
    expect(server.askedFor('/base/config')).toHaveLength(1)
  })
})

describe('a patch that brings the first pattern', () => {
  const patch = (killed: string[] = []) =>
    patchOf(1, 2, { picky: matching('^x') }, { killed, killedAt: killed.length > 0 ? idOf(2) : idOf(0) })

  async function started() {
    const engine = held()
    const server = new ScriptedServer(plain())
    const session = startSession(engine, server)
    await session.clock.advance(10)
    expect(session.session.status).toBe('ready')
    return { ...session, engine }
  }

  it('kills at once, and the rest is asked for again once the patterns can be read', async () => {
    const { clock, server, session, engine } = await started()
    server.patches = [patch(['plain'])]
    server.stream.send('patch', patch(['plain']))
    await clock.advance(0)
    expect(answer(session, 'plain')).toBe('DISABLED')
    expect(session.config?.id).toBe(idOf(1))
    await engine.release()
    await clock.advance(0)
    expect(session.config?.id).toBe(idOf(2))
    expect(answer(session)).toBe('TARGETING_MATCH')
    expect(server.askedFor('/base/config').map(({ query }) => query.get('since'))).toEqual([idOf(1)])
  })

  it('does not hold up for ever what comes after it', async () => {
    const { clock, server, session, engine } = await started()
    server.patches = [patch(), patchOf(2, 3, { plain: null })]
    server.stream.send('patch', patch())
    await clock.advance(0)
    server.stream.send('patch', patchOf(2, 3, { plain: null }))
    await clock.advance(0)
    expect(session.config?.id).toBe(idOf(1))
    await engine.release()
    await clock.advance(5_000)
    expect(session.config?.id).toBe(idOf(3))
    server.stream.send('patch', patchOf(3, 4, { picky: matching('^y') }))
    await clock.advance(0)
    expect(session.config?.id).toBe(idOf(4))
    expect(engine.asked.times).toBe(1)
  })
})

describe('a config from elsewhere', () => {
  async function withoutServer(options: { bootstrap?: unknown; saved?: Config }) {
    const engine = held()
    const server = new ScriptedServer(plain())
    server.down = true
    const saved = options.saved ? JSON.stringify(options.saved) : null
    const lastKnownGood = { load: () => saved, save: () => {} }
    const { bootstrap = null } = options
    const started = startSession({ ...engine, bootstrap, lastKnownGood }, server)
    await started.clock.advance(1_000)
    expect(started.session.config).toBeNull()
    await engine.release()
    await started.clock.advance(0)
    return started
  }

  it('as a bootstrap waits for its patterns', async () => {
    const { session } = await withoutServer({ bootstrap: picky() })
    expect(await session.initialized).toBeNull()
    expect(answer(session)).toBe('TARGETING_MATCH')
    expect(session.replica!.validated).toBe(false)
  })

  it('as the last known good one waits for its patterns', async () => {
    const { session } = await withoutServer({ saved: picky() })
    expect(await session.initialized).toBeNull()
    expect(answer(session)).toBe('TARGETING_MATCH')
  })

  it('that arrives when the time for it is up makes the provider ready, not late', async () => {
    const engine = held()
    const server = new ScriptedServer(plain())
    server.greets = false
    server.configReply = { status: 503 }
    const lastKnownGood = { load: () => JSON.stringify(picky()), save: () => {} }
    const { clock, session } = startSession({ ...engine, lastKnownGood }, server)
    await clock.advance(5_000)
    await engine.release()
    await clock.advance(0)
    expect(await session.initialized).toBeNull()
    expect(answer(session)).toBe('TARGETING_MATCH')
  })

  it('is killed by what was heard before it could be read', async () => {
    const engine = held()
    const server = new ScriptedServer(picky(2))
    server.greets = false
    server.configReply = { status: 503 }
    const { clock, session } = startSession({ ...engine, bootstrap: picky() }, server)
    await clock.advance(0)
    server.hello()
    server.stream.send('put', { ...picky(2), killed: ['plain'], killedAt: idOf(2) })
    await clock.advance(0)
    await engine.release()
    await clock.advance(0)
    expect(session.config?.id).toBe(idOf(1))
    expect(answer(session, 'plain')).toBe('DISABLED')
  })

  it('does not come back after the provider was closed', async () => {
    const engine = held()
    const server = new ScriptedServer(plain())
    server.down = true
    const { clock, session } = startSession({ ...engine, bootstrap: picky() }, server)
    await clock.advance(0)
    session.close()
    await engine.release()
    await clock.advance(0)
    expect(heldBy(session)).toBeNull()
  })
})
