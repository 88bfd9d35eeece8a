/** The flags that this browser looked at last, newest first. */
export type RecentFlag = { project: string; key: string; name: string }

const STORED = 'recent-flags'
const KEPT = 20

export function recentFlags(): RecentFlag[] {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED) ?? '[]')
    return Array.isArray(stored) ? stored : []
  } catch {
    return []
  }
}

export function rememberFlag(flag: RecentFlag) {
  const others = recentFlags().filter(({ project, key }) => project !== flag.project || key !== flag.key)
  localStorage.setItem(STORED, JSON.stringify([flag, ...others].slice(0, KEPT)))
}
