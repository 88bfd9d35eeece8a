import { createServer } from 'node:http'
import { interactionPolicy, Provider } from 'oidc-provider'

/**
 * An identity provider for this machine alone: whoever comes chooses who to be. `people` may be changed while it runs.
 * `forgetful`: it asks each time, whether or not it knows the browser.
 *
 * @typedef {{ name: string, email: string, groups: string[] }} Person
 * @param {{ port: number, clients: { id: string, secret: string, redirectUris: string[] }[], people: Record<string, Person>, forgetful?: boolean }} options
 */
export async function startLocalIdp({ port, clients, people, forgetful = false }) {
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, {
    clients: clients.map(({ id, secret, redirectUris }) => ({
      client_id: id,
      client_secret: secret,
      redirect_uris: redirectUris,
    })),
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name'],
      groups: ['groups'],
    },
    scopes: ['openid', 'email', 'profile', 'groups'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['only-for-this-machine'] },
    interactions: { policy: policyOf(forgetful), url: (_, { uid }) => `/choose/${uid}` },
    findAccount: (_, id) =>
      Object.hasOwn(people, id)
        ? { accountId: id, claims: () => ({ sub: id, email_verified: true, ...people[id] }) }
        : undefined,
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      })
      grant.addOIDCScope('openid email profile groups')
      await grant.save()
      return grant
    },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      Interaction: 600,
      Grant: 600,
      Session: 3_600,
    },
  })
  const callback = provider.callback()
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, issuer).pathname
    if (!path.startsWith('/choose/')) return callback(request, response)
    try {
      await provider.interactionDetails(request, response)
      if (request.method !== 'POST') {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page(people))
        return
      }
      const accountId = new URLSearchParams(await text(request)).get('person')
      const result = people[accountId] ? { login: { accountId } } : { error: 'access_denied' }
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    } catch (error) {
      response.writeHead(400, { 'Content-Type': 'text/plain' }).end(`${error.message}\n`)
    }
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(undefined))
  })
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve(undefined))
      }),
  }
}

function policyOf(forgetful) {
  const policy = interactionPolicy.base()
  const { Check } = interactionPolicy
  const asks = ({ oidc }) => (oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT)
  if (forgetful) policy.get('login').checks.add(new Check('forgetful', 'nobody is remembered', asks))
  return policy
}

async function text(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

const escaped = (value) => String(value).replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)

const page = (
  people,
) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Local identity provider</title>
<meta name="viewport" content="width=device-width"><style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 14vh auto; padding: 0 1rem; color-scheme: light dark }
  button { display: block; width: 100%; margin: .5rem 0; padding: .75rem 1rem; font: inherit; text-align: left; cursor: pointer }
  small { opacity: .7; display: block }
</style><h1>Who are you?</h1><p>This identity provider runs on this machine alone and believes everybody.</p>
<form method="post">${Object.entries(people)
  .map(
    ([id, { name, email, groups }]) =>
      `<button name="person" value="${escaped(id)}">${escaped(name)}<small>${escaped(email)}, in ${escaped(groups.join(', ') || 'no group')}</small></button>`,
  )
  .join('')}</form></html>`
