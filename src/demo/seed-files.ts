import { readFileSync } from 'node:fs';
import { because, type Ctx } from '../context.js';
import { attachToDirective } from '../directives/attach-to-directive.js';
import { keepFile } from '../files/keep-file.js';
import { attachToMeeting } from '../meetings/attach-to-meeting.js';
import type { SampleFile } from './sample-province.js';
import { OFFICE } from './seed-people.js';

/** The bytes of a sample file. Throws where it is missing. */
const bytesOf = ({ file }: SampleFile): Uint8Array => readFileSync(new URL(`files/${file}`, import.meta.url));

/** The Office adds a file to a document: everybody who carries it out gets it. `id`: of the directive. */
export const attachToDocument = (ctx: Ctx, id: string, file: SampleFile): Promise<unknown> =>
  attachToDirective(because(ctx, `demo:file:${file.file}`), OFFICE, { id, name: file.name, bytes: bytesOf(file) });

/** The Office adds a file to a meeting: everybody invited gets it. */
export const attachToCall = (ctx: Ctx, code: string, file: SampleFile): Promise<unknown> =>
  attachToMeeting(because(ctx, `demo:file:${file.file}`), OFFICE, { code, name: file.name, bytes: bytesOf(file) });

/** A file that came with the report of `ctx.cause`, kept with it. */
export const keepWithReport = (ctx: Ctx, { code, by, file }: { code: string; by: string; file: SampleFile }): Promise<unknown> =>
  keepFile(ctx, { key: `in:${ctx.cause}:0`, name: file.name, bytes: bytesOf(file), owner: { kind: 'progress', code, cause: ctx.cause }, by, rule: 'incoming' });
