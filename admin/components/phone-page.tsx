import { useNotice, type ActionProps } from 'adminjs';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { actionUrl, newNonce, pageUrl, press } from './api.js';
import { OfficeForm, TextField } from './form.js';
import { Head } from './parts.js';

interface Sent {
  phone: string;
  expires: string;
}

/** "Xác minh số điện thoại": a code goes by SMS, the person reads it back. */
export function PhonePage({ resource, record }: ActionProps) {
  const [sent, setSent] = useState<Sent>();
  const [busy, setBusy] = useState(false);
  const [sure, setSure] = useState(false);
  const addNotice = useNotice();
  const navigate = useNavigate();
  const id = record?.id ?? '';
  const go = async (action: 'phoneCode' | 'disownPhone') => {
    setBusy(true);
    const answer = await press(actionUrl(resource.id, action, id), { nonce: newNonce() });
    setBusy(false);
    if (answer.notice) addNotice(answer.notice);
    if (answer.result) setSent(answer.result as unknown as Sent);
    if (answer.redirectUrl) navigate(answer.redirectUrl);
  };
  return (
    <>
      <Head title="Xác minh số điện thoại" crumb={{ to: pageUrl('Person', id), words: record?.title ?? '' }} />
      <section className="nv-card" style={{ maxWidth: 680 }}>
        <p style={{ marginBottom: 10 }}>
          Hệ thống chỉ nhắn tin có nội dung công việc tới số mà đồng chí <strong>{record?.title}</strong> đã xác nhận là của mình. Tin SMS xác minh chỉ có mã 6 chữ số, không có nội dung nào khác.
        </p>
        {sent ? <p role="status">Đã gửi mã tới số <strong>{sent.phone}</strong>, hiệu lực đến {sent.expires}. Đề nghị gọi đồng chí ấy đọc lại mã, hoặc đồng chí ấy tự gõ <strong>/xacminh</strong> kèm mã trong Zalo, Telegram.</p> : null}
        <div className="nv-submit" style={{ marginTop: 12 }}>
          <button type="button" className={`nv-button ${sent ? '' : 'primary'}`} disabled={busy} onClick={() => void go('phoneCode')}>
            {sent ? 'Gửi mã khác' : 'Gửi mã qua SMS'}
          </button>
          <button type="button" className="nv-button danger" disabled={busy} onClick={() => (sure ? void go('disownPhone') : setSure(true))}>
            {sure ? 'Bấm lần nữa: ngừng dùng số này' : 'Không phải số của đồng chí ấy'}
          </button>
        </div>
      </section>
      <OfficeForm url={actionUrl(resource.id, 'confirmPhone', id)} words="Xác nhận" back={pageUrl('Person', id)} initial={{ code: '' }}>
        {(form) => (
          <section className="nv-card nv-fields" style={{ maxWidth: 680, marginTop: 16 }}>
            <TextField form={form} name="code" label="Mã đồng chí ấy đọc lại" required size="half" placeholder="123456" hint="Sai 5 lần thì phải gửi mã mới" />
          </section>
        )}
      </OfficeForm>
    </>
  );
}
