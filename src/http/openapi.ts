import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { errorKinds } from '../kernel/errors.js';
import { INTERNAL, problemCodes } from './problem.js';

/** Every error code with its HTTP status and the sentence people read, as a Markdown table for the API's front page. */
const codeTable = [
  '| code | HTTP | nội dung |',
  '|---|---|---|',
  ...Object.entries(errorKinds).map(([code, { status, text }]) => `| \`${code}\` | ${status} | ${text(new Proxy({}, { get: () => '…' }))} |`),
  `| \`${INTERNAL.code}\` | ${INTERNAL.status} | ${INTERNAL.text} |`,
].join('\n');

const introduction = `Cổng kết nối cho hệ thống quản lý văn bản và điều hành đang dùng tại cơ quan.

- Xác thực: \`Authorization: Bearer <API_TOKEN>\`.
- Mọi lệnh POST nhận \`Idempotency-Key\`: gửi lại cùng khóa, cùng nội dung thì nhận lại câu trả lời cũ trong 24 giờ; cùng khóa, khác nội dung là lỗi 422.
- Trường lạ, sai kiểu, mã không có: trả lỗi kèm \`path\` của trường, không ghi gì.
- Lỗi theo RFC 9457 (\`application/problem+json\`), trường \`code\` giữ ổn định.

${codeTable}`;

/** The shape of every error answer, referenced by all routes. */
export const problemSchema = {
  $id: 'Problem',
  type: 'object',
  description: 'RFC 9457. code giữ ổn định cho chương trình, detail viết cho người đọc, path là trường có lỗi.',
  properties: {
    type: { type: 'string', examples: ['urn:nhac-viec:problem:agency-unknown'] },
    title: { type: 'string', examples: ['Not Found'] },
    status: { type: 'integer', examples: [404] },
    code: { type: 'string', enum: [...problemCodes], examples: ['agency-unknown'] },
    detail: { type: 'string', examples: ['Không có cơ quan, đơn vị mang mã "STCC".'] },
    path: { type: 'string', examples: ['tasks.0.leadAgencyCode'] },
    requestId: { type: 'string', description: 'Chỉ có ở lỗi hệ thống, để tra nhật ký' },
  },
  required: ['type', 'title', 'status', 'code', 'detail'],
};

/** Settings of the generated OpenAPI 3.1 document. */
export const openapiOptions = (publicUrl: string | undefined): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Nhắc Việc', version: '1.0.0', description: introduction },
    ...(publicUrl ? { servers: [{ url: publicUrl }] } : {}),
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  },
  // Schemas keep their names instead of def-0, def-1.
  refResolver: { buildLocalReference: (json, _base, _fragment, i) => (typeof json['$id'] === 'string' ? json['$id'] : `schema-${i}`) },
});
