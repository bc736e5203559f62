const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The login form: plain HTML, no script, so that it shows at once on any machine. */
export function loginPage({ error, email, next, demo }: { error?: string; email?: string; next?: string; demo: boolean }): string {
  const banner = demo ? '<div class="nv-demo" role="note">DỮ LIỆU MINH HỌA</div>' : '';
  return `<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Đăng nhập · Nhắc Việc</title>
<link rel="icon" href="/admin/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/admin/static/admin.css">
</head>
<body class="nv-login">
${banner}
<main>
  <form method="post" action="/admin/login" class="nv-card">
    <div class="nv-brand"><img src="/admin/static/icon.svg" alt="" width="36" height="36"><div><strong>Nhắc Việc</strong><span>Đôn đốc, theo dõi nhiệm vụ</span></div></div>
    <h1>Đăng nhập</h1>
    ${error ? `<p class="nv-alert" role="alert">${escapeHtml(error)}</p>` : ''}
    <label for="email">Thư điện tử</label>
    <input id="email" name="email" type="email" autocomplete="username" required ${email ? '' : 'autofocus'} value="${escapeHtml(email ?? '')}">
    <label for="password">Mật khẩu</label>
    <input id="password" name="password" type="password" autocomplete="current-password" required ${email ? 'autofocus' : ''}>
    ${next ? `<input type="hidden" name="next" value="${escapeHtml(next)}">` : ''}
    <button type="submit" class="nv-button primary">Đăng nhập</button>
    <p class="nv-hint">Quên mật khẩu: đề nghị liên hệ quản trị hệ thống của Văn phòng.</p>
  </form>
</main>
</body>
</html>
`;
}
