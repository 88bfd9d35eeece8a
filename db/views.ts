import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt } from './columns'
import { users } from './people'
import { projects } from './schema'

/** A search of the flags list that somebody keeps by a name: for themselves, or for everybody in the project. */
export const savedViews = pgTable(
  'saved_view',
  {
    id: text().primaryKey(),
    projectId: integer()
      .notNull()
      .references(() => projects.id),
    userId: text()
      .notNull()
      .references(() => users.id),
    name: text().notNull(),
    /** The query of its address: `q=tag%3Abeta&sort=newest`. */
    query: text().notNull(),
    shared: boolean().notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('saved_view_name').on(t.projectId, t.userId, sql`lower(${t.name})`),
    index('saved_view_person').on(t.userId),
  ],
)

/** With which view somebody begins: the id of a saved one, or one that everybody has. */
export const starredViews = pgTable(
  'starred_view',
  {
    projectId: integer()
      .notNull()
      .references(() => projects.id),
    userId: text()
      .notNull()
      .references(() => users.id),
    view: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.userId] })],
)
