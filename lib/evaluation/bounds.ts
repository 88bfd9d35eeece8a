/** The whole of a rollout, in steps of 0.001 %. */
export const WHOLE = 100_000

/** Entries of an attribute that is a list. */
export const LIST_LENGTH = 10_000

/** What every config must keep to. Producers check them before they commit; consumers check them again. */
export const BOUNDS = {
  flags: 10_000,
  /** Of the serialised config; the engine sees values, so whoever holds the bytes checks this one. */
  configBytes: 8_000_000,
  rules: 200,
  conditionValues: 5_000,
  /** Of a condition with `matches`, and the characters of each and of the text it is looked for in. */
  patterns: 100,
  patternLength: 500,
  subjectLength: 4_096,
  listLength: LIST_LENGTH,
  /** Characters of a version, or of a range of versions. */
  versionLength: 256,
  segmentIds: 100_000,
  /** Groups (`all`, `any`, `not`) inside groups. */
  conditionDepth: 5,
  /** Segments naming segments, the first one counted. */
  segmentDepth: 10,
  /** Nodes of the expanded prerequisite tree, the flag itself counted. */
  prerequisiteNodes: 64,
  /** Lists and objects inside the value of an object variant. */
  valueDepth: 32,
  keyLength: 128,
  whole: WHOLE,
} as const
