import type { ConsentOutcome } from '../../src/delivery/channel-desk.js';

/** What the callback page tells. "not-stored": Zalo gave the permission and our database did not take it. */
export type ConsentResult = ConsentOutcome | { kind: 'forbidden' } | { kind: 'not-stored' };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const AGAIN = 'Đề nghị trở lại trang Kênh và bấm "Cấp quyền lại".';

function wordsOf(result: ConsentResult): { title: string; lines: string[] } {
  switch (result.kind) {
    case 'granted':
      return {
        title: 'Đã cấp quyền Zalo OA',
        lines: [
          `Hệ thống đã nhận quyền gửi tin${result.oaId ? ` của OA mã ${result.oaId}` : ''} và tự gia hạn từ nay.`,
          ...(result.otherOa ? ['Lưu ý: đây là OA khác với lần cấp quyền trước. Cán bộ đã liên kết với OA cũ phải liên kết lại.'] : []),
        ],
      };
    case 'stale':
      return { title: 'Chưa cấp được quyền', lines: ['Yêu cầu này không còn hiệu lực: đã dùng, đã quá 10 phút, hoặc do tài khoản khác bắt đầu.', AGAIN] };
    case 'refused':
      return { title: 'Chưa cấp được quyền', lines: [`Zalo không cấp quyền (mã ${result.code}). Người bấm đồng ý phải là quản trị của OA, và Callback URL đăng ký ở Zalo phải trùng từng ký tự.`, AGAIN] };
    case 'unreachable':
      return { title: 'Chưa rõ kết quả', lines: [`Chưa nhận được trả lời của Zalo (mã ${result.code}).`, AGAIN] };
    case 'not-stored':
      return { title: 'Chưa cấp được quyền', lines: ['Có lỗi ngoài dự kiến khi ghi nhận quyền.', AGAIN] };
    case 'forbidden':
      return { title: 'Chưa cấp được quyền', lines: ['Việc này chỉ dành cho tài khoản quản trị hệ thống.'] };
  }
}

/** The page an OA administrator comes back to: plain HTML, no script, the provider's own words never shown. */
export function consentPage(result: ConsentResult): string {
  const { title, lines } = wordsOf(result);
  return `<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Nhắc Việc</title>
<link rel="icon" href="/admin/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/admin/static/admin.css">
</head>
<body class="nv-login">
<main>
  <section class="nv-card" style="max-width:520px">
    <h1>${title}</h1>
    ${lines.map((line) => `<p style="margin-top:8px">${escapeHtml(line)}</p>`).join('\n    ')}
    <p style="margin-top:18px"><a class="nv-button primary" style="margin:0" href="/admin/pages/channels">Về trang Kênh</a></p>
  </section>
</main>
</body>
</html>
`;
}
