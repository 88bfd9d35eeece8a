import type postgres from 'postgres'
import type { Redis } from '@/lib/redis/port'

const CHANNEL = 'jackstaff'
const BEAT = 'jackstaff_beat'
const REWOUND = 'jackstaff_rewound'
const BEAT_MS = 2_000 // connections that hear nothing for 5 s are opened anew: the cable may be cut

/**
 * What is faster than the next look at the database: its NOTIFY, and messages of a Redis where there is one. Both may be
 * lost at any time, and nothing rests on them.
 */
export class News {
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly sql: postgres.Sql,
    private readonly redis: Promise<Redis> | null,
  ) {}

  /** Calls `heard` for each hint that something was published. */
  async listen(heard: () => void): Promise<void> {
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref()
    await this.sql.listen(CHANNEL, heard, heard)
    await this.sql.listen(BEAT, () => {})
    const redis = await this.redis
    await redis?.subscribe(CHANNEL, (message) => message !== BEAT && heard())
  }

  /** Tells whoever may raise the epoch that the database has lost this. */
  rewound(flagSetId: string, id: string): void {
    this.sql.notify(REWOUND, JSON.stringify({ flagSetId, id })).catch(() => {})
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private beat(): void {
    this.sql.notify(BEAT, '').catch(() => {})
    void this.redis?.then((redis) => redis.publish(CHANNEL, BEAT)).catch(() => {})
  }
}
