import type { ActionProps } from 'adminjs';
import { useState } from 'react';
import { Board, type BoardLineData } from './board.js';
import { Files } from './files.js';
import { Badge, Deliveries, Facts } from './parts.js';
import { DetailPage } from './detail-page.js';

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
  board: BoardLineData[];
  may: { remind: boolean; confirm: boolean };
  history: { at: string; what: string; by: string; note: string }[];
  answers: { at: string; name: string; answer: string; note: string; way: string; counts: boolean }[];
  deliveries: Parameters<typeof Deliveries>[0]['rows'];
}

const REFRESH_MS = 10_000;

/** A meeting and the board of who has confirmed; the board keeps itself up to date. */
export const MeetingPage = (page: ActionProps) => (
  <DetailPage<MeetingDetail>
    page={page} from={`/admin/api/office/meetings/${page.record?.id ?? ''}`} list="Cuộc họp" everyMs={REFRESH_MS}
    title={(meeting) => <>{page.record?.id} {meeting ? <Badge tone={meeting.cancelled ? 'quiet' : meeting.urgent ? 'bad' : 'plain'}>{meeting.cancelled ? meeting.status : meeting.kind}</Badge> : null}</>}
  >
    {(meeting, reload) => <Body meeting={meeting} reload={reload} />}
  </DetailPage>
);

function Body({ meeting, reload }: { meeting: MeetingDetail; reload: () => void }) {
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
          <Board code={meeting.code} lines={meeting.board} may={meeting.may} onDone={reload} />
        </section>
      </div>
      <div className="nv-stack">
        <Files kind="meeting" code={meeting.code} />
        <History rows={meeting.history} />
        <Answers rows={meeting.answers} />
        <Deliveries rows={meeting.deliveries} />
      </div>
    </div>
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

const SHOWN = 15;

/** Every answer given, also those a later one replaced. */
function Answers({ rows }: { rows: MeetingDetail['answers'] }) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) return null;
  return (
    <section className="nv-card" data-testid="answers">
      <h2>Các lần trả lời</h2>
      <ol className="nv-timeline">
        {(all ? rows : rows.slice(0, SHOWN)).map((row, at) => (
          <li key={at} className={row.counts ? 'good' : ''}>
            <time>{row.at} · {row.way}</time>
            <strong>{row.name}</strong>: {row.answer}{row.counts ? null : <span className="nv-muted"> (không còn tính)</span>}
            {row.note ? <div>{row.note}</div> : null}
          </li>
        ))}
      </ol>
      {rows.length > SHOWN && !all ? <button type="button" className="nv-button small" onClick={() => setAll(true)}>Xem cả {rows.length} lần</button> : null}
    </section>
  );
}
