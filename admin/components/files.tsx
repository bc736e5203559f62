import { useNotice } from 'adminjs';
import { useState, type ChangeEvent } from 'react';
import { newNonce, press } from './api.js';
import { useLoaded } from './parts.js';

interface Listed {
  files: { id: string; name: string; size: string; by: string; at: string; report: boolean }[];
  mayAdd: boolean;
}

const MAX_BYTES = 5_000_000;

/** The files of a task, a document or a meeting, to be saved; and a field to add one where that is allowed. */
export function Files({ kind, code }: { kind: 'task' | 'directive' | 'meeting'; code: string }) {
  const url = `/admin/api/office/files/${kind}/${encodeURIComponent(code)}`;
  const { data, reload } = useLoaded<Listed>(url);
  if (!data || (data.files.length === 0 && !data.mayAdd)) return null;
  return (
    <section className="nv-card">
      <h2>Tệp đính kèm</h2>
      {data.files.length === 0 ? <p className="nv-muted">Chưa có tệp.</p> : null}
      <ul className="nv-files">
        {data.files.map((file) => (
          <li key={file.id}>
            <a href={`/admin/files/${file.id}`} download>
              {file.name}
            </a>{' '}
            <span className="nv-muted">
              {file.size} · {file.report ? 'kèm báo cáo' : 'Văn phòng gửi'} · {file.by} · {file.at}
            </span>
          </li>
        ))}
      </ul>
      {data.mayAdd ? <Add url={url} done={reload} /> : null}
    </section>
  );
}

function Add({ url, done }: { url: string; done: () => void }) {
  const tell = useNotice();
  const [busy, setBusy] = useState(false);
  const chosen = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const input = event.target;
    const file = input.files?.[0];
    if (!file) return;
    if (file.size > MAX_BYTES) {
      tell({ type: 'error', message: 'Tệp lớn hơn 5 MB.' });
      return;
    }
    setBusy(true);
    const answer = await press(url, { name: file.name, content: await asBase64(file), nonce: newNonce() });
    setBusy(false);
    input.value = '';
    if (answer.notice) tell(answer.notice);
    if (answer.notice?.type === 'success') done();
  };
  return (
    <label className="nv-file-add">
      {busy ? 'Đang gửi tệp …' : 'Đính kèm tệp (PDF, JPG, PNG đến 5 MB):'} <input type="file" accept=".pdf,.jpg,.jpeg,.png" disabled={busy} onChange={(event) => void chosen(event)} />
    </label>
  );
}

const asBase64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(new Error('Chưa đọc được tệp.'));
    reader.readAsDataURL(file);
  });
