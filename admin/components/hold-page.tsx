import { useNotice } from 'adminjs';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { newNonce, pageUrl, press } from './api.js';
import { Badge, Facts, Head, useLoaded, Waiting } from './parts.js';

interface HoldData {
  may: { decide: boolean };
  hold: { key: string; cause: 'restored' | 'by-hand' | 'no-index'; since: string; by: string; reason: string; restoredTo: string; sentUntil: string; sentUntilKnown: boolean; urgentPasses: boolean } | null;
  total: number;
  leftBefore: number;
  counts: { kind: string; lane: string; n: number; leftBefore: number }[];
  first: { id: string; person: string; personNote: string; kind: string; lane: string; urgent: boolean; about: string; due: string; leftBefore: boolean }[];
}

const number = (n: number): string => n.toLocaleString('vi-VN');
const causes = { restored: 'Cơ sở dữ liệu được khôi phục từ bản sao lưu', 'by-hand': 'Văn phòng cho dừng', 'no-index': 'Cơ sở dữ liệu chưa an toàn để gửi' };

/** "Tạm dừng gửi": what would leave, and the office's word that it may. */
export function HoldPage() {
  const { data, problem, reload } = useLoaded<HoldData>('/admin/api/office/hold');
  return (
    <main className="nv-page">
      <Head title="Tạm dừng gửi">
        <button type="button" className="nv-button" onClick={reload}>Tải lại</button>
      </Head>
      {data ? data.hold ? <Held data={data} hold={data.hold} reload={reload} /> : <NotHeld may={data.may.decide} reload={reload} /> : <Waiting problem={problem} />}
    </main>
  );
}

function usePress(reload: () => void) {
  const addNotice = useNotice();
  const [busy, setBusy] = useState(false);
  const [nonce, setNonce] = useState(newNonce);
  const go = async (url: string, form: Record<string, unknown>) => {
    setBusy(true);
    const answer = await press(url, { nonce, ...form });
    setBusy(false);
    if (answer.notice) addNotice(answer.notice);
    if (answer.notice?.type === 'success') setNonce(newNonce());
    reload();
  };
  return { busy, go };
}

function Held({ data, hold, reload }: { data: HoldData; hold: NonNullable<HoldData['hold']>; reload: () => void }) {
  const restored = hold.cause === 'restored';
  return (
    <div className="nv-stack">
      <section className="nv-card">
        <p className="nv-alert" role="alert" style={{ marginBottom: 12 }}>
          <strong>Hệ thống đang tạm dừng gửi tin.</strong> {hold.urgentPasses ? 'Chỉ tin gửi ngay và trả lời trong chat được gửi.' : 'Chỉ trả lời trong chat được gửi.'}
        </p>
        <Facts
          rows={[
            ['Nguyên nhân', causes[hold.cause]],
            ['Tạm dừng từ', hold.since],
            ['Người cho dừng', hold.by],
            ['Lý do', hold.reason],
            ['Dữ liệu có đến', hold.restoredTo],
            ['Đã gửi tin đến', restored ? `${hold.sentUntil}${hold.sentUntilKnown ? '' : ' (không rõ, lấy lúc bắt đầu tạm dừng)'}` : ''],
            ['Tin đang chờ', `${number(data.total)} tin${restored ? `, trong đó ${number(data.leftBefore)} tin có thể đã gửi trước khi khôi phục` : ''}`],
          ]}
        />
        {/* A number that has changed is asked about anew. */}
        {data.may.decide && hold.cause !== 'no-index' ? <Decide key={data.total} data={data} hold={hold} reload={reload} /> : null}
        {data.may.decide && hold.cause !== 'no-index' && data.total > 0 ? <DropAll key={`drop-${data.total}`} total={data.total} since={hold.key} reload={reload} /> : null}
      </section>
      {data.total > 0 ? <Counts data={data} restored={restored} /> : <p className="nv-frame nv-empty">Chưa có tin nào phải chờ. Tin phát sinh từ lúc này được giữ lại và hiện ở đây.</p>}
      {data.total > 0 ? <Rows data={data} restored={restored} drop={data.may.decide ? (code) => <Drop key={code} code={code} reload={reload} /> : () => null} /> : null}
    </div>
  );
}

function Decide({ data, hold, reload }: { data: HoldData; hold: NonNullable<HoldData['hold']>; reload: () => void }) {
  const { busy, go } = usePress(reload);
  const [sure, setSure] = useState(false);
  const end = (choice: 'drop' | 'all') => void go('/admin/api/office/hold/end', { choice, since: hold.key, seen: data.total });
  const left = data.total - data.leftBefore;
  if (hold.cause !== 'restored' || data.leftBefore === 0) {
    return (
      <div className="nv-submit">
        {sure ? <Sure total={data.total} busy={busy} send={() => end('all')} back={() => setSure(false)} /> : <button type="button" className="nv-button primary" disabled={busy} onClick={() => setSure(true)}>Gửi tiếp{data.total > 0 ? ` ${number(data.total)} tin` : ''}</button>}
      </div>
    );
  }
  return (
    <div className="nv-submit">
      <button type="button" className="nv-button primary" style={{ whiteSpace: 'normal', height: 'auto', textAlign: 'left' }} disabled={busy} onClick={() => end('drop')}>
        Bỏ {number(data.leftBefore)} tin đến giờ trước {hold.sentUntil}, gửi {number(left)} tin còn lại
      </button>
      {sure ? (
        <button type="button" className="nv-button danger" disabled={busy} onClick={() => end('all')}>Đúng, gửi tất cả {number(data.total)} tin</button>
      ) : (
        <button type="button" className="nv-button" disabled={busy} onClick={() => setSure(true)}>Gửi tất cả…</button>
      )}
      <span className="nv-hint">Chưa chọn thì vẫn tạm dừng. {sure ? 'Người nhận có thể nhận lại tin đã có.' : ''}</span>
    </div>
  );
}

/** Asked once, with the number that was looked at; where more wait by now the server says so and sends nothing. */
function Sure({ total, busy, send, back }: { total: number; busy: boolean; send: () => void; back: () => void }) {
  const question = total > 0 ? `Gửi tiếp ${number(total)} tin đang chờ?` : 'Gửi tiếp? Hiện chưa có tin nào đang chờ.';
  return (
    <div className="nv-ask" role="alertdialog" aria-label={question} style={{ marginTop: 0 }}>
      <strong>{question}</strong>
      <button type="button" className="nv-button primary" disabled={busy} onClick={send}>Đúng, gửi tiếp{total > 0 ? ` ${number(total)} tin` : ''}</button>
      <button type="button" className="nv-button" disabled={busy} onClick={back}>Thôi</button>
    </div>
  );
}

/** Takes back all that waits; asked first with the number that was looked at, since it cannot be called back. */
function DropAll({ total, since, reload }: { total: number; since: string; reload: () => void }) {
  const { busy, go } = usePress(reload);
  const [sure, setSure] = useState(false);
  if (!sure) return <div className="nv-submit"><button type="button" className="nv-button" onClick={() => setSure(true)}>Bỏ hết {number(total)} tin…</button><span className="nv-hint">Dùng khi các tin đang chờ đều không nên gửi.</span></div>;
  const question = `Bỏ hết ${number(total)} tin đang chờ? Người nhận sẽ không nhận được các tin này; không lấy lại được.`;
  return (
    <div className="nv-ask" role="alertdialog" aria-label={question}>
      <strong>{question}</strong>
      <button type="button" className="nv-button danger" disabled={busy} onClick={() => void go('/admin/api/office/hold/drop-all', { since, seen: total })}>Đúng, bỏ hết {number(total)} tin</button>
      <button type="button" className="nv-button" disabled={busy} onClick={() => setSure(false)}>Thôi</button>
    </div>
  );
}

/** Takes back what waits about one matter; asked first, since it cannot be called back. */
function Drop({ code, reload }: { code: string; reload: () => void }) {
  const { busy, go } = usePress(reload);
  const [sure, setSure] = useState(false);
  if (!sure) return <button type="button" className="nv-button small" aria-label={`Bỏ tin về ${code}`} onClick={() => setSure(true)}>Bỏ tin…</button>;
  return (
    <span className="nv-drop">
      <button type="button" className="nv-button danger small" disabled={busy} onClick={() => void go('/admin/api/office/hold/drop', { code })}>Đúng, bỏ mọi tin về {code}</button>
      <button type="button" className="nv-button small" disabled={busy} onClick={() => setSure(false)}>Thôi</button>
    </span>
  );
}

function Counts({ data, restored }: { data: HoldData; restored: boolean }) {
  return (
    <section className="nv-card">
      <h2>Theo loại tin</h2>
      <table className="nv-table">
        <thead>
          <tr><th>Loại tin</th><th>Cách gửi</th><th className="num">Số tin</th>{restored ? <th className="num">Có thể đã gửi</th> : null}</tr>
        </thead>
        <tbody>
          {data.counts.map((row) => (
            <tr key={row.kind + row.lane}><td>{row.kind}</td><td>{row.lane}</td><td className="num">{number(row.n)}</td>{restored ? <td className="num">{number(row.leftBefore)}</td> : null}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type Row = HoldData['first'][number];

/** By the matter they are about, in the order they would leave; what is about none comes last. */
function byMatter(rows: readonly Row[]): { about: string; rows: Row[] }[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.about, [...(groups.get(row.about) ?? []), row]);
  return [...groups].map(([about, theirs]) => ({ about, rows: theirs })).sort((a, b) => Number(a.about === '') - Number(b.about === ''));
}

function Rows({ data, restored, drop }: { data: HoldData; restored: boolean; drop: (code: string) => ReactNode }) {
  const whole = data.total <= data.first.length;
  return (
    <section>
      <h2 style={{ margin: '4px 0 8px' }}>Các tin sẽ gửi, theo từng việc{whole ? '' : ` (${data.first.length} tin đầu)`}</h2>
      <div className="nv-stack">
        {byMatter(data.first).map(({ about, rows }) => (
          <div key={about} className="nv-frame" data-matter={about}>
            <div className="nv-matter">
              <span>{about ? <Link className="nv-code" to={pageUrl(about.startsWith('HOP') ? 'Meeting' : 'Task', about)}>{about}</Link> : 'Không về việc nào'} <span className="nv-muted">· {whole ? `${number(rows.length)} tin` : `${number(rows.length)} tin trong số các tin đầu`}</span></span>
              {about ? drop(about) : null}
            </div>
            <table className="nv-table nv-cards">
              <thead>
                <tr><th>Người nhận</th><th>Loại tin</th><th>Đến giờ</th>{restored ? <th>Trước khi khôi phục</th> : null}</tr>
              </thead>
              <tbody>{rows.map((row) => <Line key={row.id} row={row} restored={restored} />)}</tbody>
            </table>
          </div>
        ))}
      </div>
    </section>
  );
}

const Line = ({ row, restored }: { row: Row; restored: boolean }) => (
  <tr data-row={row.id}>
    <td className="first" data-label="Người nhận"><div>{row.person}<span className="nv-note">{row.personNote}</span></div></td>
    <td data-label="Loại tin"><div>{row.kind} {row.urgent ? <Badge tone="warn">{row.lane}</Badge> : null}</div></td>
    <td data-label="Đến giờ"><div>{row.due}</div></td>
    {restored ? <td data-label="Trước khi khôi phục"><div>{row.leftBefore ? <Badge tone="warn">Có thể đã gửi</Badge> : <Badge tone="good">Chưa gửi</Badge>}</div></td> : null}
  </tr>
);

/** The emergency stop. */
function NotHeld({ may, reload }: { may: boolean; reload: () => void }) {
  const { busy, go } = usePress(reload);
  const [reason, setReason] = useState('');
  const [urgentPasses, setUrgentPasses] = useState(false);
  return (
    <section className="nv-card nv-form">
      <p>Tin đang được gửi bình thường.</p>
      {may ? (
        <form onSubmit={(event) => { event.preventDefault(); void go('/admin/api/office/hold', { reason, urgentPasses }); }}>
          <p className="nv-hint" style={{ margin: '10px 0 14px' }}>Dùng khi cần dừng gấp, ví dụ vừa giao việc nhầm cho nhiều người. Tin chưa gửi được giữ lại đến khi đồng chí cho gửi tiếp; tin đã gửi không thu hồi được.</p>
          <div className="nv-fields">
            <div className="nv-field">
              <label htmlFor="hold-reason">Lý do tạm dừng<span className="star">*</span></label>
              <input id="hold-reason" className="nv-input" maxLength={500} value={reason} required onChange={(event) => setReason(event.target.value)} />
            </div>
            <div className="nv-field">
              <label className="nv-check"><input type="checkbox" checked={urgentPasses} onChange={(event) => setUrgentPasses(event.target.checked)} />Tin gửi ngay (họp và nhiệm vụ hỏa tốc, họp sát giờ) vẫn gửi</label>
            </div>
          </div>
          <div className="nv-submit"><button type="submit" className="nv-button danger" disabled={busy || reason.trim() === ''}>Tạm dừng gửi tin</button></div>
        </form>
      ) : null}
    </section>
  );
}
