import type { ArrivalsView } from '@/lib/control/views'

/** What is in the way, as far as the server can see, and the way out. */
export type Help = { title: string; text: string; suggestion?: { environment: string } | { create: string } }

type Looked = { arrivals: ArrivalsView; flag: string; environment: string; url: string }

type Reason = ArrivalsView['refusals'][number]['reason']

const refusals: Record<Reason, Omit<Help, 'suggestion'>> = {
  absent: {
    title: 'A request came without a key',
    text: 'Check that the key reaches the provider: an environment variable that is not set is the usual reason.',
  },
  malformed: {
    title: 'A key was refused: it was cut short or mistyped',
    text: 'Copy it again, from its first letter to its last.',
  },
  token: {
    title: 'A token came where an SDK key belongs',
    text: 'jks_pat_ and jks_svc_ open the API. Apps need jks_srv_ or jks_cli_: make one above.',
  },
  in_url: {
    title: 'A server key came in a URL',
    text: 'Whoever sees the URL has the key: revoke it, and send another one in the Authorization header.',
  },
  in_browser: {
    title: 'A server key came from a browser',
    text: 'Everybody who opens the page can read it: revoke it, and use a client key there.',
  },
  unknown: {
    title: 'A key was refused',
    text: 'It was revoked, has expired, or belongs to another installation. Make a new one above.',
  },
  origin: {
    title: 'A page was refused: the key names other origins',
    text: 'Add the origin of your page to the key, under Connections.',
  },
}

function aboutRefusals({ arrivals }: Looked): Help | null {
  const [last] = arrivals.refusals
  return last ? refusals[last.reason] : null
}

function aboutUnknown({ arrivals, flag }: Looked): Help | null {
  const hidden = arrivals.unknownFlags.find((one) => one.flag === flag)
  if (hidden?.because === 'not_in_browsers')
    return {
      title: 'A browser asked for this flag, and it is not available to browsers',
      text: 'Turn that on in the settings of the flag.',
    }
  const other = arrivals.unknownFlags.find((one) => one.flag !== flag)
  if (!other) return null
  if (other.because === 'archived')
    return {
      title: `Your app asks for “${other.flag}”`,
      text: `That flag is archived. Ask for “${flag}” instead.`,
    }
  return {
    title: `Your app asks for “${other.flag}”`,
    text: `There is no such flag. Write “${flag}” in the code, or create the one it asks for.`,
    suggestion: { create: other.flag },
  }
}

function aboutClients({ arrivals, flag }: Looked): Help | null {
  const [client] = arrivals.clients
  if (!client) return null
  if (client.protocol === 'flagd')
    return {
      title: 'A provider of flagd is connected',
      text: 'It decides in its own process and tells nobody what came out, so this step ends here. Flip the switch, and watch your app.',
    }
  return {
    title: `${client.client || 'An app'} is connected, and has not asked for this flag yet`,
    text: `Make sure that the line that asks for “${flag}” runs: open the page or call the endpoint that has it. With telemetry: false nothing is told.`,
  }
}

function aboutElsewhere({ arrivals }: Looked): Help | null {
  const [other] = arrivals.elsewhere
  if (other === undefined) return null
  return {
    title: `An app is connected to ${other} instead`,
    text: 'A key belongs to one environment. Use a key of this one, or look there.',
    suggestion: { environment: other },
  }
}

/** Most telling first: what was refused explains more than what is missing. */
const looks = [aboutUnknown, aboutRefusals, aboutClients, aboutElsewhere]

export function helpFor(looked: Looked): Help {
  for (const look of looks) {
    const help = look(looked)
    if (help) return help
  }
  return {
    title: 'Nothing has reached Jackstaff yet',
    text: `Is the app running, and can it reach ${looked.url}? From inside a container, localhost is the container itself. The curl tab above tries it from any shell.`,
  }
}
