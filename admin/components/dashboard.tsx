import { Link } from 'react-router-dom';
import { tagLooks } from '../look.js';
import { pageUrl } from './api.js';
import { StandingBox } from './standing.js';
import { AgencyBars, type AgencyBar } from './agency-bars.js';
import { Badge, Head, TimeTag, useLoaded, Waiting } from './parts.js';

interface Summary {
  today: string;
  /** The same as YYYY-MM-DD. */
  todayOn: string;
  may: { assign: boolean; meet: boolean };
  counts: { tag: string; count: number }[];
  submitted: number;
  agencies: AgencyBar[];
  overdue: { code: string; content: string; agency: string; percent: number; stage: string; due: string; dueNote: string }[];
  /** Null: this account sees no meetings, which is not the same as there being none. */
  meetings: { code: string; title: string; time: string; place: string; urgent: boolean; cancelled: boolean; confirmed: number; invited: number }[] | null;
  failed: number | null;
}

const SHOWN_TAGS = ['overdue', 'due-soon', 'on-track', 'no-deadline', 'paused', 'on-time', 'late'];
const tagged = (tag: string): string => `/admin/resources/Task?filters.tag=${tag}`;

/** The morning's first page. */
export function Dashboard() {
  const { data, problem } = useLoaded<Summary>('/admin/api/dashboard');
  return (
    <main className="nv-page">
      <Head title={data ? `Tổng quan, ${data.today}` : 'Tổng quan'}>
        {data?.may.meet ? <Link className="nv-button" to="/admin/resources/Meeting/actions/call">Triệu tập họp</Link> : null}
        {data?.may.assign ? <Link className="nv-button primary" to="/admin/resources/Task/actions/assign">Giao nhiệm vụ</Link> : null}
      </Head>
      <StandingBox />
      {data ? <Body data={data} /> : <Waiting problem={problem} />}
    </main>
  );
}

function Body({ data }: { data: Summary }) {
  const count = (tag: string) => data.counts.find((one) => one.tag === tag)?.count ?? 0;
  return (
    <>
      <div className="nv-tiles">
        <Tile to={tagged('overdue')} words="nhiệm vụ quá hạn" value={count('overdue')} colour={count('overdue') > 0 ? tagLooks['overdue']?.colour : undefined} />
        <Tile to={tagged('due-soon')} words="sắp đến hạn" value={count('due-soon')} colour={count('due-soon') > 0 ? tagLooks['due-soon']?.colour : undefined} />
        <Tile to="/admin/resources/Task?filters.stage=submitted" words="chờ xác nhận" value={data.submitted} />
        {data.meetings ? <Tile to={`/admin/resources/Meeting?filters.day=${data.todayOn}`} words="cuộc họp hôm nay" value={data.meetings.filter((meeting) => !meeting.cancelled).length} /> : null}
        {data.failed === null ? null : <Tile to="/admin/resources/Delivery?filters.state=problem-week" words="tin có vấn đề (7 ngày)" value={data.failed} />}
      </div>
      <div className="nv-grid">
        <div className="nv-stack">
          <section className="nv-card">
            <h2>Nhiệm vụ theo tình trạng hạn</h2>
            <Bars rows={SHOWN_TAGS.map((tag) => ({ tag, count: count(tag) })).filter(({ tag, count: n }) => tag !== 'paused' || n > 0)} />
          </section>
          {data.agencies.length > 1 ? <AgencyBars rows={data.agencies} /> : null}
          <Overdue rows={data.overdue} total={count('overdue')} />
        </div>
        {data.meetings ? <Meetings rows={data.meetings} /> : null}
      </div>
    </>
  );
}

const Tile = ({ to, words, value, colour }: { to: string; words: string; value: number; colour?: string | undefined }) => (
  <Link className="nv-tile" to={to}>
    <b style={{ color: colour }}>{value.toLocaleString('vi-VN')}</b>
    <span>{words}</span>
  </Link>
);

/** Bars with their words and numbers beside them: nothing to decode, readable in grey and on a phone. */
function Bars({ rows }: { rows: { tag: string; count: number }[] }) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <div className="nv-bars">
      {rows.map(({ tag, count }) => (
        <Link key={tag} to={tagged(tag)}>
          <TimeTag tag={tag} />
          <span>
            <svg width={count > 0 ? `${Math.max(1, (count / most) * 86)}%` : '1'} height="20" aria-hidden="true">
              <rect width="100%" height="20" rx="3" fill={tagLooks[tag]?.colour} />
            </svg>
            <b>{count.toLocaleString('vi-VN')}</b>
          </span>
        </Link>
      ))}
    </div>
  );
}

function Overdue({ rows, total }: { rows: Summary['overdue']; total: number }) {
  return (
    <section className="nv-card">
      <h2>Quá hạn lâu nhất</h2>
      {rows.length === 0 ? <p className="nv-muted">Không có nhiệm vụ quá hạn.</p> : null}
      <ul className="nv-list">
        {rows.map((row) => (
          <li key={row.code}>
            <Link className="nv-code" to={pageUrl('Task', row.code)}>{row.code}</Link> <span style={{ color: tagLooks['overdue']?.colour, fontWeight: 500 }}>{row.dueNote}</span> <span className="nv-muted nv-small">hạn {row.due} · {row.percent}% · {row.stage}</span>
            <div className="nv-clamp">{row.content}</div>
            <div className="nv-note">{row.agency}</div>
          </li>
        ))}
      </ul>
      {total > rows.length ? <Link to={tagged('overdue')}>Xem tất cả {total} nhiệm vụ quá hạn</Link> : null}
    </section>
  );
}

function Meetings({ rows }: { rows: NonNullable<Summary['meetings']> }) {
  return (
    <section className="nv-card">
      <h2>Họp hôm nay</h2>
      {rows.length === 0 ? <p className="nv-muted">Hôm nay không có cuộc họp.</p> : null}
      <ul className="nv-list">
        {rows.map((row) => (
          <li key={row.code}>
            <strong>{row.time}</strong> {row.urgent ? <Badge tone="bad">Hỏa tốc</Badge> : null} {row.cancelled ? <Badge>Đã hủy</Badge> : null}
            <div><Link to={pageUrl('Meeting', row.code)}>{row.title}</Link></div>
            <div className="nv-note">{row.place}</div>
            <div>Đã xác nhận <strong>{row.confirmed}/{row.invited}</strong></div>
          </li>
        ))}
      </ul>
    </section>
  );
}
