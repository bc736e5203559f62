import { because, type Ctx } from '../context.js';
import { confirmTask } from '../directives/confirm-task.js';
import { createDirective } from '../directives/create-directive.js';
import { moveDeadline } from '../directives/move-deadline.js';
import { reportProgress } from '../directives/report-progress.js';
import { returnTask } from '../directives/return-task.js';
import type { TaskInput } from '../directives/task-input.js';
import { addDays } from '../kernel/local-date.js';
import { answerMeeting } from '../meetings/answer-meeting.js';
import { callMeeting } from '../meetings/call-meeting.js';
import { postponeMeeting } from '../meetings/postpone-meeting.js';
import { personActor } from '../people/receivers.js';
import { dueAt, dueOn, happenedAt, startsAt, type SampleDates } from './sample-dates.js';
import type { SampleDirective, SampleEvent, SampleMeeting, SampleProvince, SampleTask } from './sample-province.js';
import { attachToCall, attachToDocument, keepWithReport } from './seed-files.js';
import { OFFICE, type Cast } from './seed-people.js';

/** One thing that happened in the sample province, at its time. */
export interface Happening {
  at: Date;
  /** What the engine looks at afterwards. */
  about: 'task' | 'meeting' | 'morning';
  run(ctx: Ctx): Promise<unknown>;
}

/** What the events need to find each other again: official codes by sample id, filled as they are given. */
export interface Stage {
  dates: SampleDates;
  cast: Cast;
  codes: Map<string, string>;
  /** Ids of documents by symbol, filled as they are entered. */
  documents: Map<string, string>;
}

/** The whole history up to the opening, oldest first. Live meetings are left to the opening itself. */
export function historyOf(stage: Stage, { directives, meetings }: SampleProvince): Happening[] {
  const all = [...directives.flatMap((d, i) => directiveEvents(stage, d, i)), ...meetings.filter((m) => !m.live).flatMap((m, i) => meetingEvents(stage, m, i))];
  return all.sort((a, b) => a.at.getTime() - b.at.getTime());
}

function directiveEvents(stage: Stage, directive: SampleDirective, index: number): Happening[] {
  const created: Happening = {
    about: 'task',
    at: happenedAt(stage.dates, directive.issuedDay, '08:30', index),
    run: async (ctx) => {
      const { directive: entered, tasks } = await createDirective(because(ctx, `demo:directive:${directive.symbol}`), OFFICE, inputOf(stage, directive));
      stage.documents.set(directive.symbol, entered._id.toString());
      directive.tasks.forEach((task, i) => stage.codes.set(task.id, tasks[i]?.code ?? ''));
    },
  };
  const later = directive.tasks.flatMap((task) => (task.history ?? []).map((event, i) => taskEvent(stage, task, event, i)));
  const files = (directive.files ?? []).filter((file) => !file.live).map((file, i): Happening => ({
    about: 'task',
    at: happenedAt(stage.dates, directive.issuedDay, '08:45', index + i),
    run: (ctx) => attachToDocument(ctx, stage.documents.get(directive.symbol) ?? '', file),
  }));
  return [created, ...files, ...later];
}

const inputOf = (stage: Stage, { issuedDay, signer, tasks, files: _files, ...rest }: SampleDirective) => ({
  ...rest,
  signer: stage.cast.get(signer)?.name ?? signer,
  issuedOn: addDays(stage.dates.anchor, issuedDay),
  tasks: tasks.map((task) => taskInput(stage, task)),
});

function taskInput({ dates, cast }: Stage, task: SampleTask): TaskInput {
  const idOf = (sampleId: string): string => mustFind(cast, sampleId)._id.toString();
  const day = task.firstDueDay ?? task.dueDay;
  const due = day === null ? {} : task.dueTime ? { dueAt: dueAt(dates, day, task.dueTime) } : { dueOn: dueOn(dates, day) };
  return {
    content: task.content,
    leadAgencyCode: task.lead,
    coordinatingAgencyCodes: task.coop,
    leaderId: idOf(task.leader),
    monitorId: idOf(task.monitor),
    ...(task.officer ? { officerId: idOf(task.officer) } : {}),
    ...due,
  };
}

function taskEvent(stage: Stage, task: SampleTask, event: SampleEvent, index: number): Happening {
  const run = async (outer: Ctx): Promise<unknown> => {
    const ctx = because(outer, `demo:${task.id}:${index}`);
    const code = stage.codes.get(task.id) ?? '';
    if (event.report) {
      const { by, file, ...input } = event.report;
      const person = mustFind(stage.cast, by);
      await reportProgress(ctx, personActor(person, 'zalo'), { code, ...input });
      return file && keepWithReport(ctx, { code, by: person.name, file });
    }
    if (event.confirm) return confirmTask(ctx, OFFICE, { code });
    if (event.return) return returnTask(ctx, OFFICE, { code, reason: event.return });
    return moveDeadline(ctx, OFFICE, { code, dueOn: dueOn(stage.dates, task.dueDay ?? 0), reason: event.move ?? '' });
  };
  return { about: 'task', at: happenedAt(stage.dates, event.day, event.time, index + 100), run };
}

function meetingEvents(stage: Stage, meeting: SampleMeeting, index: number): Happening[] {
  const start = startsAt(stage.dates, meeting);
  const noticed = new Date(Math.min(start.getTime() - meeting.noticeHours * 3_600_000, stage.dates.now.getTime() - (40 - index) * 60_000));
  const after = (minutes: number) => new Date(Math.min(noticed.getTime() + minutes * 60_000, stage.dates.now.getTime() - 60_000));
  const events: Happening[] = [{ about: 'meeting', at: noticed, run: (ctx) => call(ctx, stage, meeting) }];
  // Whoever presides over a meeting that was answered has answered too.
  Object.entries(meeting.answers ? { [meeting.chair]: 'attending' as const, ...meeting.answers } : {}).forEach(([who, answer], i) => {
    const cause = `demo:${meeting.id}:${who}`;
    // Within the first minutes, so that nobody had to be called a second time.
    events.push({ about: 'task', at: after(1 + i * 0.3), run: (ctx) => answerMeeting(because(ctx, cause), personActor(mustFind(stage.cast, who), 'zalo'), { code: codeOf(stage, meeting), answer }) });
  });
  for (const file of meeting.files ?? []) events.push({ about: 'meeting', at: after(10), run: (ctx) => attachToCall(ctx, codeOf(stage, meeting), file) });
  const { postponed } = meeting;
  if (postponed) {
    const { day, time, ...rest } = postponed;
    events.push({ about: 'meeting', at: after(30), run: (ctx) => postponeMeeting(because(ctx, `demo:${meeting.id}:postponed`), OFFICE, { code: codeOf(stage, meeting), startsAt: startsAt(stage.dates, { kind: meeting.kind, day, time }), ...rest }) });
  }
  return events;
}

const codeOf = (stage: Stage, meeting: SampleMeeting): string => stage.codes.get(meeting.id) ?? '';

/** Calls a sample meeting and keeps its code. */
export async function call(ctx: Ctx, stage: Stage, meeting: SampleMeeting): Promise<void> {
  const { id, title, kind, place, chair, attendees } = meeting;
  const { code } = await callMeeting(because(ctx, `demo:${id}`), OFFICE, {
    title,
    kind,
    place,
    startsAt: startsAt(stage.dates, meeting),
    chair: mustFind(stage.cast, chair).position,
    chairId: mustFind(stage.cast, chair)._id.toString(),
    attendeeIds: attendees.map((who) => mustFind(stage.cast, who)._id.toString()),
  });
  stage.codes.set(id, code);
}

function mustFind(cast: Cast, sampleId: string) {
  const person = cast.get(sampleId);
  if (!person) throw new Error(`The sample province has no person ${sampleId}`);
  return person;
}
