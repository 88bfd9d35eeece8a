import { boolean, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at } from './columns'
import { environments } from './schema'

/** Which attributes evaluation contexts have, told by providers: paths and kinds, never values. */
export const seenAttributes = pgTable(
  'seen_attribute',
  {
    environmentId: integer()
      .notNull()
      .references(() => environments.id),
    name: text().notNull(),
    type: text({ enum: ['string', 'number', 'boolean', 'date', 'list'] }).notNull(),
    browser: boolean().notNull(),
    seenAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.name, t.type, t.browser] })],
)
