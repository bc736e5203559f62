import { Type } from '@sinclair/typebox';
import { attachToDirective } from '../../directives/attach-to-directive.js';
import { getTask } from '../../directives/find-tasks.js';
import { mustReadTaskFile, taskFiles } from '../../directives/task-files.js';
import { downloadHeaders } from '../../files/download-headers.js';
import type { StoredFile } from '../../files/file.model.js';
import { findFile, filesOf, readBytes } from '../../files/read-file.js';
import { attachToMeeting } from '../../meetings/attach-to-meeting.js';
import { getMeeting } from '../../meetings/find-meetings.js';
import { API_ACTOR, read, write, type Api } from '../route.js';
import { closed, recordId, text, time, problems } from '../schemas.js';

const tag = 'Tệp đính kèm';
/** Five megabytes in base64, with room for the rest of the body. */
const BODY_LIMIT = 7_200_000;
const upload = closed({
  name: text(255, 'Tên tệp'),
  content: Type.String({ minLength: 1, maxLength: 7_000_000, contentEncoding: 'base64', pattern: '^[A-Za-z0-9+/]+={0,2}$', description: 'Nội dung, mã hóa base64; PDF, JPG hoặc PNG đến 5 MB' }),
}, { examples: [{ name: 'Giay moi.pdf', content: 'JVBERi0xLjQK' }] });
const line = closed({ id: recordId, name: Type.String(), contentType: Type.String(), size: Type.Integer(), by: Type.String(), at: time });
const present = ({ _id, name, contentType, size, by, at }: StoredFile) => ({ id: _id.toString(), name, contentType, size, by, at: at.toISOString() });
const bytesOf = ({ content }: { content: string }): Buffer => Buffer.from(content, 'base64');

/** Files of documents, meetings and reports. */
export function fileRoutes(api: Api): void {
  write(api, '/directives/:id/files', {
    tag,
    summary: 'Đính kèm tệp vào văn bản; người thực hiện các nhiệm vụ được gửi tệp',
    params: Type.Object({ id: Type.String() }),
    body: upload,
    bodyLimit: BODY_LIMIT,
    answer: line,
    run: async (ctx, { body, params }) => present(await attachToDirective(ctx, API_ACTOR, { id: params.id, name: body.name, bytes: bytesOf(body) })),
  });
  write(api, '/meetings/:code/files', {
    tag,
    summary: 'Đính kèm tài liệu họp; người dự được gửi tệp',
    params: Type.Object({ code: Type.String() }),
    body: upload,
    bodyLimit: BODY_LIMIT,
    answer: line,
    run: async (ctx, { body, params }) => present(await attachToMeeting(ctx, API_ACTOR, { code: params.code, name: body.name, bytes: bytesOf(body) })),
  });
  read(api, '/tasks/:code/files', {
    tag,
    summary: 'Tệp của văn bản giao nhiệm vụ và của các báo cáo',
    params: Type.Object({ code: Type.String() }),
    answer: closed({ files: Type.Array(line) }),
    run: async (ctx, { params }) => ({ files: (await taskFiles(ctx, await getTask(ctx, API_ACTOR, params.code))).map(present) }),
  });
  read(api, '/meetings/:code/files', {
    tag,
    summary: 'Tài liệu của một cuộc họp',
    params: Type.Object({ code: Type.String() }),
    answer: closed({ files: Type.Array(line) }),
    run: async (ctx, { params }) => ({ files: (await filesOf(ctx, 'meeting', [(await getMeeting(ctx, API_ACTOR, params.code)).meeting.code])).map(present) }),
  });
  downloadRoute(api);
}

function downloadRoute({ http, ctx }: Api): void {
  const schema = { tags: [tag], summary: 'Tải một tệp', params: Type.Object({ id: Type.String() }), response: { 200: { description: 'Nội dung tệp', content: { 'application/octet-stream': { schema: Type.String({ format: 'binary' }) } } }, ...problems } };
  http.get('/files/:id', { schema }, async (request, reply) => {
    const file = await findFile(ctx, (request.params as { id: string }).id);
    if (file.owner.kind === 'meeting') await getMeeting(ctx, API_ACTOR, file.owner.code);
    else await mustReadTaskFile(ctx, API_ACTOR, file);
    return reply.headers(downloadHeaders(file)).send(await readBytes(ctx, file));
  });
}
