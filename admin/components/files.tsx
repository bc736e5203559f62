import { useNotice } from 'adminjs';
import { useRef, useState } from 'react';
import { newNonce, press, type Answer } from './api.js';
import { useLoaded } from './parts.js';

interface Listed {
  files: { id: string; name: string; size: string; by: string; at: string; report: boolean }[];
  mayAdd: boolean;
  /** How many a new file is sent to. */
  receivers: number;
}

const MAX_BYTES = 5_000_000;

/** The files of a task, a document or a meeting, to be saved; and a way to add one where that is allowed. */
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
      {data.mayAdd ? <Add url={url} receivers={data.receivers} done={reload} /> : null}
    </section>
  );
}

interface Chosen {
  file: File;
  /** Lives as long as the choice: a second press sends nothing twice. */
  nonce: string;
}

/** Choosing sends nothing: the file is shown first, with how many it goes to. */
function Add({ url, receivers, done }: { url: string; receivers: number; done: () => void }) {
  const tell = useNotice();
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<Chosen>();
  const [busy, setBusy] = useState(false);
  const drop = () => {
    setChosen(undefined);
    if (input.current) input.current.value = '';
  };
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const wrong = await whyNot(file);
    if (!wrong) return setChosen({ file, nonce: newNonce() });
    drop();
    tell({ type: 'error', message: `${wrong} Tệp chưa được đính kèm.` });
  };
  const send = async ({ file, nonce }: Chosen): Promise<void> => {
    setBusy(true);
    const content = await asBase64(file).catch(() => null);
    const answer: Answer = content === null ? { notice: { type: 'error', message: 'Chưa đọc được tệp.' } } : await press(url, { name: file.name, content, nonce });
    setBusy(false);
    if (answer.notice) tell(answer.notice);
    if (answer.notice?.type !== 'success') return;
    drop();
    done();
  };
  return (
    <div className="nv-file-add">
      <input ref={input} type="file" accept=".pdf,.jpg,.jpeg,.png" aria-label="Chọn tệp đính kèm" tabIndex={-1} hidden onChange={(event) => void take(event.target.files?.[0])} />
      {chosen ? (
        <div className="nv-file-chosen" data-testid="file-chosen">
          <strong>{chosen.file.name}</strong> <span className="nv-muted">{sizeOf(chosen.file.size)}</span>
          <div className="nv-submit" style={{ marginTop: 8 }}>
            <button type="button" className="nv-button primary" disabled={busy} onClick={() => void send(chosen)}>
              {busy ? 'Đang tải tệp lên…' : receivers > 0 ? `Gửi tệp cho ${receivers} người nhận` : 'Đính kèm, chưa có người nhận'}
            </button>
            <button type="button" className="nv-button" disabled={busy} onClick={drop}>Bỏ</button>
          </div>
        </div>
      ) : (
        <>
          <button type="button" className="nv-button" onClick={() => input.current?.click()}>Chọn tệp</button> <span className="nv-hint">PDF, JPG, PNG đến 5 MB</span>
        </>
      )}
    </div>
  );
}

/** Why a file cannot go along, before it is offered to be sent; null: it can. The server looks at all of it again. */
async function whyNot(file: File): Promise<string | null> {
  if (!/\.(pdf|jpe?g|png)$/i.test(file.name)) return `Chỉ nhận tệp PDF, JPG, PNG; ${file.name} không thuộc loại này.`;
  if (file.size > MAX_BYTES) return `Tệp ${file.name} lớn hơn 5 MB.`;
  if (file.size === 0) return `Tệp ${file.name} rỗng.`;
  const head = await file.slice(0, 1_024).arrayBuffer().then((bytes) => String.fromCharCode(...new Uint8Array(bytes)), () => null);
  if (head === null) return `Chưa đọc được tệp ${file.name}.`;
  return head.includes('%PDF-') || head.startsWith('\xff\xd8\xff') || head.startsWith('\x89PNG') ? null : `Tệp ${file.name} có đuôi đúng nhưng nội dung không phải PDF, JPG hay PNG (tệp hỏng hoặc bị đổi đuôi).`;
}

const sizeOf = (bytes: number): string => (bytes >= 1_000_000 ? `${(bytes / 1_000_000).toLocaleString('vi-VN', { maximumFractionDigits: 1 })} MB` : `${Math.max(1, Math.round(bytes / 1000))} KB`);

const asBase64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(new Error('Chưa đọc được tệp.'));
    reader.readAsDataURL(file);
  });
