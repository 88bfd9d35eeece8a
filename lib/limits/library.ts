import Memory from 'rate-limiter-flexible/lib/RateLimiterMemory.js'
import Redis from 'rate-limiter-flexible/lib/RateLimiterRedis.js'

// The files of rate-limiter-flexible that are used: its index loads every store that it knows, 7 MB in each edge.

export { Memory as RateLimiterMemory, Redis as RateLimiterRedis }
