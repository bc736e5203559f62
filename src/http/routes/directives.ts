import { Type } from '@sinclair/typebox';
import { createDirective } from '../../directives/create-directive.js';
import { urgencies } from '../../directives/directive.model.js';
import { previewDirective } from '../../directives/preview-directive.js';
import { API_ACTOR, write, type Api } from '../route.js';
import { agencyCode, closed, day, instant, oneOf, recordId, text } from '../schemas.js';

const task = closed({
  content: text(4_000, 'Nội dung giao'),
  leadAgencyCode: agencyCode,
  coordinatingAgencyCodes: Type.Optional(Type.Array(agencyCode, { maxItems: 200, uniqueItems: true })),
  officerId: Type.Optional({ ...recordId, description: 'Đầu mối xử lý của cơ quan chủ trì; bỏ trống: mọi đầu mối' }),
  monitorId: Type.Optional({ ...recordId, description: 'Chuyên viên Văn phòng theo dõi' }),
  leaderId: Type.Optional({ ...recordId, description: 'Lãnh đạo giao việc' }),
  dueOn: Type.Optional(day),
  dueAt: Type.Optional(instant),
});

const example = {
  symbol: '5127/UBND-KT',
  kind: 'Công văn',
  issuedOn: '2026-11-16',
  signer: 'Hà Minh Thụy',
  summary: 'Đẩy nhanh giải ngân vốn đầu tư công năm 2026',
  urgency: 'very-urgent',
  tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', coordinatingAgencyCodes: ['SXD'], dueOn: '2026-12-04' }],
};

const fields = {
  symbol: text(100, 'Số, ký hiệu; không trùng trong năm của cơ quan ban hành'),
  agencyCode: Type.Optional(agencyCode),
  kind: text(100, 'Loại văn bản, ví dụ Công văn'),
  issuedOn: day,
  signer: text(200, 'Người ký'),
  summary: text(2_000, 'Trích yếu'),
  urgency: oneOf(urgencies, 'normal thường · urgent khẩn · very-urgent thượng khẩn · express hỏa tốc'),
  secret: Type.Optional(Type.Boolean({ description: 'Văn bản mật: nội dung không đi qua kênh nào' })),
  tasks: Type.Array(task, { minItems: 1, maxItems: 500 }),
};
const directive = closed({
  ...fields,
  acceptPastDue: Type.Optional(Type.Boolean({ description: 'true: đồng ý gửi tin cho cả nhiệm vụ đã quá hạn. Bỏ trống mà có nhiệm vụ quá hạn: không ghi, không gửi gì, trả lỗi past-due-unconfirmed kèm số tin sẽ gửi' })),
}, { examples: [example] });
const candidate = closed(fields, { examples: [example] });

export function directiveRoutes(api: Api): void {
  write(api, '/directives', {
    tag: 'Văn bản và nhiệm vụ',
    summary: 'Vào sổ văn bản chỉ đạo và giao nhiệm vụ',
    description: 'Tất cả hoặc không gì cả. Mỗi nhiệm vụ có dueOn, hoặc dueAt, hoặc không có hạn; hạn đã qua chỉ được nhận kèm acceptPastDue. Cơ quan chủ trì được báo và nhắc, cơ quan phối hợp được báo một lần. Lỗi: directive-exists, agency-unknown, agency-inactive, person-unknown, person-inactive, due-invalid, past-due-unconfirmed, input-invalid.',
    body: directive,
    answer: closed({ id: recordId, tasks: Type.Array(closed({ code: Type.String({ examples: ['NV-2026-00012'] }) })) }),
    run: async (ctx, { body }) => {
      const { acceptPastDue, ...input } = body;
      const { directive, tasks } = await createDirective(ctx, API_ACTOR, { ...input, countIfPast: acceptPastDue !== true });
      return { id: directive._id.toString(), tasks: tasks.map(({ code }) => ({ code })) };
    },
  });
  write(api, '/directives/dry-run', {
    tag: 'Văn bản và nhiệm vụ',
    summary: 'Xem trước: vào sổ văn bản này thì bao nhiêu tin được gửi',
    description: 'Kiểm tra như khi vào sổ nhưng không ghi và không gửi gì. Nên gọi trước khi nạp nhiều văn bản cũ: nhiệm vụ quá hạn sẽ được đôn đốc mỗi ngày làm việc. Lỗi: directive-exists, agency-unknown, agency-inactive, person-unknown, person-inactive, due-invalid, input-invalid.',
    status: 200,
    body: candidate,
    answer: closed({
      tasks: Type.Integer({ description: 'Số nhiệm vụ' }),
      pastDue: Type.Integer({ description: 'Trong đó đã quá hạn' }),
      messages: Type.Integer({ description: 'Số tin được lập ngay khi vào sổ' }),
    }),
    run: (ctx, { body }) => previewDirective(ctx, API_ACTOR, body),
  });
}
