import { useTranslation, type ActionProps } from 'adminjs';
import { useEffect } from 'react';
import { ActionButton } from './buttons.js';
import { Badge, Deliveries, Facts, Head, useLoaded, Waiting } from './parts.js';

interface Line {
  name: string;
  position: string;
  phone: string;
  confirmed: boolean;
  answer: string;
  note: string;
  at: string;
  via: string;
}

interface MeetingDetail {
  code: string;
  title: string;
  kind: string;
  urgent: boolean;
  startsAt: string;
  place: string;
  chair: string;
  status: string;
  cancelled: boolean;
  confirmed: number;
  attending: number;
  absent: number;
  board: Line[];
  history: { at: string; what: string; by: string; note: string }[];
  deliveries: Parameters<typeof Deliveries>[0]['rows'];
}

const REFRESH_MS = 10_000;

/** A meeting and the board of who has confirmed; the board keeps itself up to date. */
export function MeetingPage({ resource, record }: ActionProps) {
  const { translateAction } = useTranslation();
  const code = record?.id ?? '';
  const { data: meeting, problem, reload } = useLoaded<MeetingDetail>(`/admin/api/office/meetings/${code}`);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [code]);
  const actions = record?.recordActions.filter(({ name }) => name !== 'show') ?? [];
  return (
    <>
      <Head title={<>{code} {meeting ? <Badge tone={meeting.cancelled ? 'quiet' : meeting.urgent ? 'bad' : 'plain'}>{meeting.cancelled ? meeting.status : meeting.kind}</Badge> : null}</>} crumb={{ to: '/admin/resources/Meeting', words: 'Cuộc họp' }}>
        {actions.map((action) => (
          <ActionButton key={action.name} action={action} words={translateAction(action.name, resource.id)} recordId={code} />
        ))}
      </Head>
      {meeting ? <Body meeting={meeting} /> : <Waiting problem={problem} />}
    </>
  );
}

function Body({ meeting }: { meeting: MeetingDetail }) {
  return (
    <div className="nv-grid">
      <div className="nv-stack">
        <section className="nv-card">
          <p className="nv-lead">{meeting.title}</p>
          <Facts rows={[['Thời gian', meeting.startsAt], ['Địa điểm', meeting.place], ['Chủ trì', meeting.chair], ['Tình trạng', meeting.status]]} />
        </section>
        <section className="nv-card" data-testid="board">
          <h2>
            Đã xác nhận {meeting.confirmed}/{meeting.board.length}
            <span className="nv-muted" style={{ fontWeight: 400 }}> · tham dự {meeting.attending} · vắng {meeting.absent}</span>
          </h2>
          <table className="nv-table nv-cards">
            <thead>
              <tr><th>Người dự</th><th>Phản hồi</th><th>Lúc</th><th>Điện thoại</th></tr>
            </thead>
            <tbody>{meeting.board.map((line, at) => <BoardLine key={at} line={line} />)}</tbody>
          </table>
        </section>
      </div>
      <div className="nv-stack">
        <History rows={meeting.history} />
        <Deliveries rows={meeting.deliveries} />
      </div>
    </div>
  );
}

function BoardLine({ line }: { line: Line }) {
  return (
    <tr>
      <td className="first"><div><strong>{line.name}</strong><span className="nv-note">{line.position}</span></div></td>
      <td data-label="Phản hồi"><div><Badge tone={!line.confirmed ? 'warn' : line.answer === 'Vắng' ? 'quiet' : 'good'}>{line.answer}</Badge>{line.note ? <span className="nv-note">{line.note}</span> : null}</div></td>
      <td data-label="Lúc" className={line.at ? '' : 'blank'}><div>{line.at}{line.via ? <span className="nv-note">{line.via}</span> : null}</div></td>
      <td data-label="Điện thoại" className={line.phone ? '' : 'blank'}>{line.phone ? <a style={{ whiteSpace: 'nowrap' }} href={`tel:${line.phone.replace(/\s/g, '')}`}>{line.phone}</a> : null}</td>
    </tr>
  );
}

function History({ rows }: { rows: MeetingDetail['history'] }) {
  if (rows.length === 0) return null;
  return (
    <section className="nv-card">
      <h2>Diễn biến</h2>
      <ol className="nv-timeline">
        {rows.map((row, at) => (
          <li key={at}>
            <time>{row.at} · {row.by}</time>
            <strong>{row.what}</strong>
            {row.note ? <div>{row.note}</div> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
