import { useEffect, useState } from 'react';
import { TextField, type Form } from './form.js';
import { Head } from './parts.js';

interface Preview {
  text: string;
  encoding: 'gsm7' | 'ucs2';
  units: number;
  room: number;
  parts: number;
  cut: boolean;
  price: number | null;
  configured: boolean;
  /** Why no SMS would leave at all. */
  refused?: string;
}

/** Typing goes on; the figures follow when it rests. */
const REST_MS = 350;

const number = (n: number): string => n.toLocaleString('vi-VN');

/** What would go out by SMS and what it costs, while it is being written: "152/160 ký tự, 1 tin". */
export function SmsPreview({ about }: { about: Record<string, unknown> }) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const body = JSON.stringify(about);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      fetch('/admin/api/office/sms-preview', { method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'application/json', accept: 'application/json' }, body }).then(
        async (response) => {
          const answer = response.ok ? ((await response.json()) as Preview) : null;
          if (wanted) setPreview(answer);
        },
        // Without the figures the form works all the same.
        () => undefined,
      );
    }, REST_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [body]);
  return preview ? <Figures preview={preview} /> : <p className="nv-hint">Đang tính độ dài tin SMS…</p>;
}

function Figures({ preview }: { preview: Preview }) {
  const { text, encoding, units, room, parts, cut, price, configured, refused } = preview;
  if (refused) return <p className="nv-told warn" data-testid="sms-preview">{refused}</p>;
  return (
    <div data-testid="sms-preview">
      <p>
        <strong>{number(units)}/{number(room)} ký tự, {parts} tin</strong>
        <span className="nv-muted"> · {encoding === 'gsm7' ? 'không dấu' : 'có dấu'}{price === null ? '' : ` · ${number(price)} đồng mỗi người nhận`}</span>
      </p>
      {cut ? <p className="nv-told warn">Nội dung dài quá nên phần cuối bị lược; người nhận xem đủ trên Zalo hoặc hệ thống.</p> : null}
      <pre className="nv-sms">{text}</pre>
      {configured ? null : <p className="nv-hint">Kênh SMS chưa được cấu hình nên hiện chưa gửi SMS.</p>}
    </div>
  );
}

/** "Xem trước SMS": any text, before it is put into a template or a meeting. */
export function SmsPreviewPage() {
  const [text, setText] = useState('');
  const form: Form = { values: { text }, errors: {}, set: (_name, value) => setText(String(value)), clear: () => setText('') };
  return (
    <main className="nv-page">
      <Head title="Xem trước SMS" crumb={{ to: '/admin/pages/channels', words: 'Kênh liên lạc' }} />
      <div className="nv-grid">
        <section className="nv-card nv-fields">
          <TextField form={form} name="text" label="Nội dung" rows={8} hint="Dấu tiếng Việt, biểu tượng và ký tự lạ được bỏ hoặc thay trước khi gửi; tin dài được chia thành nhiều tin và tính tiền theo từng tin." />
        </section>
        <section className="nv-card">
          <h2>Người nhận thấy</h2>
          {text.trim() === '' ? <p className="nv-muted">Nhập nội dung để xem.</p> : <SmsPreview about={{ about: 'text', text }} />}
        </section>
      </div>
    </main>
  );
}
