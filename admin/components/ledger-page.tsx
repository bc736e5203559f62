import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router-dom';
import { deliveryWords } from '../locale/words.js';
import { pageUrl } from './api.js';
import { Search } from './filters.js';
import { Badge, Head, useLoaded, Waiting } from './parts.js';

interface Line {
  id: string;
  person: string;
  personNote: string;
  channel: string;
  state: string;
  tone: string;
  reason: string;
  sentAt: string;
  seenAt: string;
  acknowledgedAt: string;
}

interface LedgerData {
  chain: { seq: number; at: string; words: string };
  /** The code the question stands for. */
  about: string;
  /** Why nothing was found. */
  none?: string;
  people: { id: string; name: string; position: string }[];
  receivers: (Line & { messages: number; kind: string })[];
  rows: (Line & { at: string; kind: string; about: string })[];
  total: number;
  more: boolean;
  page: number;
  pages: number;
}

interface History {
  waiting: boolean;
  entries: { seq: number; at: string; rev: number; state: string; channel: string; to: string; reason: string; attempts: number; answer: string; hash: string }[];
}

/** "Sổ gửi tin": for a task, a meeting or a person, who was told what, and the chain that proves it. */
export function LedgerPage() {
  const [params, setParams] = useSearchParams();
  const { data, problem } = useLoaded<LedgerData>(`/admin/api/office/ledger?${params.toString()}`);
  const ask = (asked: { q?: string; state?: string }) => {
    const { q = params.get('q') ?? '', state = params.get('state') ?? '' } = asked;
    // What is typed letter by letter makes no steps back.
    setParams({ ...(q ? { q } : {}), ...(state ? { state } : {}) }, { replace: asked.q !== undefined });
  };
  return (
    <main className="nv-page">
      <Head title="Sổ gửi tin" />
      <div className="nv-filters" role="search">
        <Search id="ledger-q" label="Tìm theo mã nhiệm vụ, cuộc họp, tên người nhận" placeholder="NV-12, HOP-3, Hoàng Văn Dật" value={params.get('q') ?? ''} set={(q) => ask({ q })} />
        <div>
          <label htmlFor="ledger-state">Tình trạng</label>
          <select id="ledger-state" className="nv-input" value={params.get('state') ?? ''} onChange={(event) => ask({ state: event.target.value })}>
            <option value="">Tất cả</option>
            {Object.entries(deliveryWords).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
          </select>
        </div>
        {params.size > 0 ? <button type="button" className="nv-button small" onClick={() => setParams({})}>Bỏ lọc</button> : null}
      </div>
      {data ? <Body data={data} /> : <Waiting problem={problem} />}
    </main>
  );
}

function Body({ data }: { data: LedgerData }) {
  return (
    <div className="nv-stack">
      {data.about ? <p>Các tin về <Link className="nv-code" to={pageUrl(data.about.startsWith('HOP') ? 'Meeting' : 'Task', data.about)}>{data.about}</Link></p> : null}
      {data.people.length > 0 ? <People people={data.people} /> : null}
      {data.receivers.length > 0 ? <Receivers rows={data.receivers} /> : null}
      {data.people.length > 0 ? null : <Rows data={data} />}
      <Chain chain={data.chain} />
    </div>
  );
}

function People({ people }: { people: LedgerData['people'] }) {
  const navigate = useNavigate();
  return (
    <section className="nv-card">
      <h2>{people.length < FOUND_PEOPLE ? `Có ${people.length} người` : `Hơn ${FOUND_PEOPLE} người`} có tên như vậy, đề nghị chọn</h2>
      <ul className="nv-list">
        {people.map((one) => (
          <li key={one.id}><button type="button" className="nv-button small" onClick={() => void navigate(`/admin/pages/ledger?person=${one.id}&q=${encodeURIComponent(one.name)}`)}>{one.name}</button> <span className="nv-muted">{one.position}</span></li>
        ))}
      </ul>
    </section>
  );
}

/** The server offers no more. */
const FOUND_PEOPLE = 20;

const State = ({ line }: { line: Line }) => (
  <>
    <Badge tone={line.tone}>{line.state}</Badge>
    {line.reason ? <span className="nv-note">{line.reason}</span> : null}
  </>
);

function Receivers({ rows }: { rows: LedgerData['receivers'] }) {
  const told = rows.filter((row) => row.sentAt !== '').length;
  const confirmed = rows.filter((row) => row.acknowledgedAt !== '').length;
  return (
    <section>
      <h2 style={{ margin: '4px 0 8px' }}>Từng người: tin mới nhất đã gửi tới {told} trên {rows.length} người, {confirmed} người đã xác nhận tin đó</h2>
      <div className="nv-frame" style={{ maxHeight: 420, overflowY: 'auto' }}>
        <table className="nv-table nv-cards">
          <thead><tr><th>Người nhận</th><th>Tin mới nhất</th><th>Đến đâu</th><th>Kênh</th><th>Gửi lúc</th><th>Xem lúc</th><th>Xác nhận lúc</th><th>Số tin</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td className="first" data-label="Người nhận"><div>{row.person}<span className="nv-note">{row.personNote}</span></div></td>
                <td data-label="Tin mới nhất"><div>{row.kind}</div></td>
                <td data-label="Đến đâu"><div><State line={row} /></div></td>
                <td data-label="Kênh" className={row.channel ? '' : 'blank'}><div>{row.channel}</div></td>
                <td data-label="Gửi lúc" className={row.sentAt ? '' : 'blank'}><div>{row.sentAt}</div></td>
                <td data-label="Xem lúc" className={row.seenAt ? '' : 'blank'}><div>{row.seenAt}</div></td>
                <td data-label="Xác nhận lúc" className={row.acknowledgedAt ? '' : 'blank'}><div>{row.acknowledgedAt}</div></td>
                <td data-label="Số tin"><div>{row.messages}</div></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Rows({ data }: { data: LedgerData }) {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const [open, setOpen] = useState('');
  const go = (page: number) => {
    const next = new URLSearchParams(params);
    next.set('page', String(page));
    void navigate(`/admin/pages/ledger?${next.toString()}`);
  };
  if (data.rows.length === 0) return <div className="nv-frame nv-empty">{data.none ?? (params.size > 0 ? 'Không có tin nào như vậy. Đề nghị đổi điều kiện tìm, hoặc bấm “Bỏ lọc”.' : 'Chưa có tin nào. Tin được lập khi giao việc, nhắc việc, triệu tập họp.')}</div>;
  return (
    <section>
      <h2 style={{ margin: '4px 0 8px' }}>Từng tin: {data.more ? 'hơn ' : ''}{data.total.toLocaleString('vi-VN')}</h2>
      <div className="nv-frame">
        <table className="nv-table nv-cards">
          <thead><tr><th>Người nhận</th><th>Loại tin</th><th>Về việc</th><th>Lập lúc</th><th>Kênh</th><th>Tình trạng</th><th>Gửi lúc</th><th aria-label="Diễn biến" /></tr></thead>
          <tbody>
            {data.rows.map((row) => [
              <tr key={row.id} data-row={row.id}>
                <td className="first" data-label="Người nhận"><div>{row.person}<span className="nv-note">{row.personNote}</span></div></td>
                <td data-label="Loại tin"><div>{row.kind}</div></td>
                <td data-label="Về việc" className={row.about ? '' : 'blank'}><div style={{ whiteSpace: 'nowrap' }}>{row.about}</div></td>
                <td data-label="Lập lúc"><div className="nv-when">{row.at}</div></td>
                <td data-label="Kênh" className={row.channel ? '' : 'blank'}><div>{row.channel}</div></td>
                <td data-label="Tình trạng"><div><State line={row} /></div></td>
                <td data-label="Gửi lúc" className={row.sentAt ? '' : 'blank'}><div>{row.sentAt}</div></td>
                <td className="act"><div><button type="button" className="nv-button small" aria-expanded={open === row.id} onClick={() => setOpen(open === row.id ? '' : row.id)}>Diễn biến</button></div></td>
              </tr>,
              open === row.id ? <tr key={`${row.id}-history`}><td colSpan={8}><HistoryOf id={row.id} /></td></tr> : null,
            ])}
          </tbody>
        </table>
      </div>
      {data.pages > 1 ? (
        <div className="nv-submit" style={{ marginTop: 10 }}>
          <button type="button" className="nv-button small" disabled={data.page <= 1} onClick={() => go(data.page - 1)}>Trang trước</button>
          <span className="nv-small">Trang {data.page} / {data.pages.toLocaleString('vi-VN')}</span>
          <button type="button" className="nv-button small" disabled={data.page >= data.pages} onClick={() => go(data.page + 1)}>Trang sau</button>
        </div>
      ) : null}
    </section>
  );
}

function HistoryOf({ id }: { id: string }) {
  const { data, problem } = useLoaded<History>(`/admin/api/office/ledger/${id}`);
  if (!data) return <Waiting problem={problem} />;
  return (
    <ul className="nv-list" data-history>
      {data.entries.map((entry) => (
        <li key={entry.seq}>
          <strong>{entry.state}</strong> <span className="nv-small nv-muted">{entry.at} · mục {entry.seq.toLocaleString('vi-VN')} · mã {entry.hash}…</span>
          <div className="nv-small">{[entry.channel ? `Kênh ${entry.channel}${entry.to ? `, ${entry.to}` : ''}` : '', entry.answer ? `Nhà cung cấp trả lời: ${entry.answer}` : '', entry.reason ? `Lý do: ${entry.reason}` : ''].filter(Boolean).join('. ')}</div>
        </li>
      ))}
      {data.waiting ? <li className="nv-muted">Thay đổi mới nhất đang chờ ghi vào sổ.</li> : null}
      {data.entries.length === 0 && !data.waiting ? <li className="nv-muted">Tin này có từ trước khi lập sổ.</li> : null}
    </ul>
  );
}

const Chain = ({ chain }: { chain: LedgerData['chain'] }) => (
  <section className="nv-card" data-chain>
    <h2>Mã kiểm tra của sổ</h2>
    {chain.seq === 0 ? <p className="nv-muted">Sổ chưa có mục nào.</p> : (
      <>
        <p>Mục cuối số <strong>{chain.seq.toLocaleString('vi-VN')}</strong>, ghi lúc {chain.at}:</p>
        <p style={{ overflowWrap: 'anywhere' }}><code>{chain.words}</code></p>
        <p className="nv-hint">Mỗi mục mang mã của mục trước, nên sửa, xóa hay chèn ở đâu cũng bị phát hiện. Đề nghị lưu mã này ở nơi khác (in ra, gửi thư); người quản trị kiểm tra cả sổ bằng lệnh <code>npm run ledger:verify -- --head MÃ</code>.</p>
      </>
    )}
  </section>
);
