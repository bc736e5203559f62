import { readFileSync } from 'node:fs';
import type { Urgency } from '../directives/directive.model.js';
import type { ChatChannel } from '../kernel/channels.js';
import type { MeetingKind } from '../meetings/meeting.model.js';
import type { AgencyType } from '../people/agency.model.js';
import type { PersonRole } from '../people/person.model.js';

/** A file beside the province (src/demo/files) and the name people see. `live`: added when the demo opens. */
export interface SampleFile {
  file: string;
  name: string;
  live?: true;
}

/** `day`: calendar days from today; `time`: "HH:mm" in Vietnam. One of the others says what happened. */
export interface SampleEvent {
  day: number;
  time: string;
  report?: { by: string; percent?: number; note: string; file?: SampleFile };
  confirm?: true;
  /** The Office returns the result, with this reason. */
  return?: string;
  /** The deadline moves from `firstDueDay` to `dueDay`, with this reason. */
  move?: string;
}

export interface SampleTask {
  id: string;
  content: string;
  lead: string;
  coop: string[];
  dueDay: number | null;
  dueTime?: string;
  firstDueDay?: number;
  leader: string;
  monitor: string;
  officer?: string;
  history?: SampleEvent[];
}

export interface SampleDirective {
  symbol: string;
  agencyCode: string;
  kind: string;
  issuedDay: number;
  signer: string;
  summary: string;
  urgency: Urgency;
  tasks: SampleTask[];
  files?: SampleFile[];
}

export interface SampleMeeting {
  id: string;
  title: string;
  kind: MeetingKind;
  day: number;
  time: string;
  place: string;
  chair: string;
  /** How long before its start people were told. */
  noticeHours: number;
  attendees: string[];
  answers?: Record<string, 'received' | 'attending' | 'absent'>;
  files?: SampleFile[];
  postponed?: { day: number; time: string; place?: string; reason: string };
  /** Called when the demo opens, before everyone's eyes. */
  live?: true;
}

export interface SamplePerson {
  id: string;
  name: string;
  position: string;
  agencyCode: string;
  roles: PersonRole[];
  email: string;
  phone: string;
}

export interface SampleProvince {
  agencies: { code: string; name: string; type: AgencyType; symbol?: string; parentCode?: string; remote?: boolean; email?: string }[];
  people: SamplePerson[];
  directives: SampleDirective[];
  meetings: SampleMeeting[];
}

/** The fictional province beside this file. Fails the start where it is missing. */
export const loadSample = (): SampleProvince => JSON.parse(readFileSync(new URL('sample-province.json', import.meta.url), 'utf8')) as SampleProvince;

/** The sample person's phone on each channel; ids as long as the real ones (Zalo's do not fit into a JavaScript number). */
export const phonesOf = (sampleId: string): Record<ChatChannel, string> => {
  const n = sampleId.slice(1).padStart(4, '0');
  return { zalo: `701100000000000${n}`, 'zalo-bot': `702200000000000${n}`, telegram: `590000${n}` };
};
