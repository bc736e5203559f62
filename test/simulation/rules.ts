/** A promise of the engine that did not hold. */
export interface Violation {
  /** Simulated instant. */
  at: string;
  rule: Rule;
  what: string;
}

export const rules = [
  'lost', 'duplicated', 'not-finished', 'office-not-told', 'quiet-hours', 'too-early', 'after-acknowledgement', 'without-lease', 'illegal-move',
  'stale', 'urgent-waits', 'answer-lost', 'planned-twice', 'unexpected-error',
  // A second copy although the provider could have been asked about the first.
  'truth-ignored',
  // A call while the provider had asked all of us for a rest.
  'within-rest',
  'correction-missing', 'correction-to-untold',
  'chain-broken', 'not-sealed',
  // Somebody on leave was told although somebody acts for them.
  'told-on-leave',
  // The same matter as a line of a digest and by itself, or in two digests.
  'told-twice',
  // A call while the office held back all sending, or before anybody looked at a database that was put back.
  'sent-while-held',
  // What had left before the database was put back left again, although the office chose to drop it.
  'sent-again',
  // Sending was held although nobody stopped it and nothing was put back.
  'held-for-nothing',
  // Another attempt although the person was heard of, none although nobody was, none although the provider could not deliver.
  'follow-up-needless', 'silence-ignored', 'failure-ignored',
  // A channel rests far longer than any trouble of it.
  'channel-shut',
  // More "too many" from a provider than chance explains.
  'too-many-calls',
  // Others of the same lane that came later were served again and again before this one.
  'starved',
  // Notices of one kind poured over one person of the office.
  'notice-storm',
] as const;
export type Rule = (typeof rules)[number];
