import { Badge } from '@/app/_ui/badge'
import { Day } from '@/app/_ui/time'
import type { InsightsView } from '@/lib/control/views'
import { share } from './series'

/** The reasons of OpenFeature, in the words of this product. */
const reasons: Record<string, string> = {
  STATIC: 'The same for everybody',
  DEFAULT: 'No rule matched',
  TARGETING_MATCH: 'A rule or an individual matched',
  SPLIT: 'A percentage decided',
  DISABLED: 'Off, or killed',
  CACHED: 'From a cache',
  ERROR: 'Something was wrong',
}

const errors: Record<string, string> = {
  FLAG_NOT_FOUND: 'there was no such flag for this key',
  TYPE_MISMATCH: 'the code asks for another type',
  TARGETING_KEY_MISSING: 'the context has no targeting key',
  INVALID_CONTEXT: 'the context cannot be read',
  PARSE_ERROR: 'the flag cannot be read by this version of the SDK',
  PROVIDER_NOT_READY: 'the provider had no flags yet',
}

const headClass = 'px-4 py-1.5 font-medium'
const cellClass = 'px-4 py-1.5'

export function BreakdownTables({ insights }: { insights: InsightsView }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <section aria-labelledby="by-reason" className="card overflow-x-auto">
        <h2 id="by-reason" className="px-4 pt-3 pb-2 font-semibold">
          By reason
        </h2>
        <table className="w-full text-left">
          <thead>
            <tr className="border-b text-ink-3 text-xs">
              <th scope="col" className={headClass}>
                Why
              </th>
              <th scope="col" className={`${headClass} text-right`}>
                Evaluations
              </th>
              <th scope="col" className={`${headClass} text-right`}>
                Share
              </th>
            </tr>
          </thead>
          <tbody>
            {insights.reasons.map(({ reason, errorCode, count }) => (
              <tr key={`${reason} ${errorCode}`} className="border-b last:border-b-0">
                <th scope="row" className={`${cellClass} font-normal`}>
                  {(errorCode && errors[errorCode] && `Error: ${errors[errorCode]}`) ||
                    reasons[reason] ||
                    reason}
                  <code className="block font-mono text-ink-3 text-xs">{errorCode ?? reason}</code>
                </th>
                <td className={`${cellClass} text-right align-top`}>{count.toLocaleString('en')}</td>
                <td className={`${cellClass} whitespace-nowrap text-right align-top text-ink-2`}>
                  {share(count, insights.total)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section aria-labelledby="by-app" className="card overflow-x-auto">
        <h2 id="by-app" className="px-4 pt-3 pb-2 font-semibold">
          By application and SDK
        </h2>
        <table className="w-full text-left">
          <thead>
            <tr className="border-b text-ink-3 text-xs">
              <th scope="col" className={headClass}>
                Who
              </th>
              <th scope="col" className={`${headClass} text-right`}>
                Evaluations
              </th>
              <th scope="col" className={`${headClass} text-right`}>
                Errors
              </th>
              <th scope="col" className={headClass}>
                Last
              </th>
            </tr>
          </thead>
          <tbody>
            {insights.clients.map(({ client, browser, count, errors, at }) => (
              <tr key={`${client} ${browser}`} className="border-b last:border-b-0">
                <th scope="row" className={`${cellClass} font-normal`}>
                  <span className="mr-2 break-words">{client || 'Does not say'}</span>
                  {browser && <Badge>browsers</Badge>}
                </th>
                <td className={`${cellClass} text-right align-top`}>{count.toLocaleString('en')}</td>
                <td className={`${cellClass} text-right align-top`}>{errors.toLocaleString('en')}</td>
                <td className={`${cellClass} align-top text-ink-2`}>
                  <Day value={at} now={Date.parse(insights.to)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {insights.clients.some(({ browser }) => browser) && (
          <p className="border-t px-4 py-2 text-ink-3 text-sm">
            What browsers tell is not proof: whoever has the client key can tell anything.
          </p>
        )}
      </section>
    </div>
  )
}
