import type { Delivery } from '../../src/delivery/delivery.model.js';
import { IN_DIGEST } from '../../src/delivery/delivery-states.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { tellingKinds } from '../../src/meetings/was-told.js';
import type { Store } from './store.js';
import type { Watch } from './watch.js';

const heard = ['accepted', 'delivered', 'seen', 'acknowledged'];
/** A change is due to everybody who was told where the meeting is not for so long yet. */
const WORTH_TELLING_MS = 30 * 60_000;

/** A cancelled or moved meeting is corrected with exactly those who were told of it. */
export function judgeCorrections(store: Store, watch: Watch): void {
  for (const meeting of store.collections.Meeting.find({}) as unknown as Meeting[]) {
    const rows = store.collections.Delivery.find({ meetingCode: meeting.code }) as unknown as Delivery[];
    if (meeting.status === 'cancelled') judgeCancelled(meeting, rows, watch);
    else if (meeting.version > 1) judgeMoved(meeting, rows, watch);
  }
}

/** What had left before the database was put back counts where the office chose not to send it again. */
const ownCopies = (row: Delivery, watch: Watch) => (row.reason === 'restored' ? watch.everyCopyOf(row) : watch.copiesOf(row.key));
/** What travelled in a digest was told with it, whichever of its attempts arrived. */
const ATTEMPTS = ['', '>2', '>3', '>4'];
const copiesOf = (row: Delivery, watch: Watch) => [...ownCopies(row, watch), ...(row.reason === IN_DIGEST ? ATTEMPTS.flatMap((more) => watch.copiesOf(`${row.digestKey ?? ''}${more}`)) : [])];
const isTelling = (row: Delivery): boolean => (tellingKinds as readonly string[]).includes(row.kind);
const person = (row: Delivery): string => String(row.personId);

function judgeCancelled(meeting: Meeting, rows: readonly Delivery[], watch: Watch): void {
  const copies = (row: Delivery) => copiesOf(row, watch);
  const changedAt = meeting.history.findLast(({ action }) => action === 'cancelled')?.at.getTime() ?? 0;
  const told = new Set(rows.filter((row) => isTelling(row) && copies(row).length > 0).map(person));
  // Dropped after a restore, because it may have left before.
  const perhaps = new Set(rows.filter((row) => isTelling(row) && (row.reason === IN_DIGEST || row.reason === 'restored' || row.attempts.some(({ outcome }) => outcome === 'unknown' || outcome === 'accepted'))).map(person));
  const corrections = rows.filter((row) => row.kind === 'meeting-cancelled');
  for (const row of corrections) {
    if (copies(row).length > 0 && !told.has(person(row)) && !perhaps.has(person(row)) && !wasInDoubt(row, rows)) watch.broke('correction-to-untold', `${row.key}: never told of ${meeting.code}`);
  }
  if (meeting.startsAt.getTime() - changedAt < WORTH_TELLING_MS || watch.wasOff(changedAt)) return;
  for (const id of told) {
    const theirs = corrections.filter((row) => person(row) === id || String(row.behalfOf) === id);
    const done = theirs.some((row) => heard.includes(row.state) || row.state === 'dead' || row.state === 'unknown' || ['meeting-over', 'person-inactive', 'acknowledged', IN_DIGEST].includes(row.reason ?? ''));
    if (!done) watch.broke('correction-missing', `${meeting.code}: ${id} was told and not told that it is cancelled (${theirs.map((row) => `${row.state} ${row.reason ?? ''}`).join(', ') || 'no message'})`);
  }
}

/** When this correction left, a provider had not been heard yet on what became of the call it corrects. */
const wasInDoubt = (correction: Delivery, rows: readonly Delivery[]): boolean =>
  rows.some((row) => isTelling(row) && person(row) === person(correction) && row.attempts.some(({ asked }) => asked === true) && (correction.attempts[0]?.at ?? 0) <= (row.finishedAt ?? Infinity));

function judgeMoved(meeting: Meeting, rows: readonly Delivery[], watch: Watch): void {
  const changedAt = meeting.history.findLast(({ action }) => action === 'postponed')?.at.getTime() ?? 0;
  if (meeting.startsAt.getTime() - changedAt < WORTH_TELLING_MS || watch.wasOff(changedAt)) return;
  const told = new Set(rows.filter((row) => isTelling(row) && Number(row.data['version']) < meeting.version && copiesOf(row, watch).length > 0).map(person));
  for (const { personId } of meeting.attendees) {
    const id = String(personId);
    if (!told.has(id)) continue;
    const theirs = rows.filter((row) => isTelling(row) && Number(row.data['version']) === meeting.version && (person(row) === id || String(row.behalfOf) === id));
    if (theirs.length === 0) watch.broke('correction-missing', `${meeting.code}: ${id} knows an old time of ${meeting.code} and was told no other`);
  }
}
