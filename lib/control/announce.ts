import { redis } from '@/lib/redis/redis'

/** Tells delivery nodes sooner than their next look, where there is a Redis. The database has told them already. */
export function announce(): void {
  void redis()
    ?.then((client) => client.publish('jackstaff', 'published'))
    .catch(() => {}) // whoever does not hear it looks within 250 ms
}
