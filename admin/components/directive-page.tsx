import type { ActionProps } from 'adminjs';
import { Link } from 'react-router-dom';
import { pageUrl } from './api.js';
import { Files } from './files.js';
import { Facts, Percent, TimeTag } from './parts.js';
import { DetailPage } from './detail-page.js';

interface DirectiveDetail {
  symbol: string;
  kind: string;
  issuedOn: string;
  signer: string;
  summary: string;
  urgency: string;
  secret: boolean;
  agency: string;
  tasks: { code: string; content: string; agency: string; due: string; dueNote: string; tag: string; percent: number; stage: string }[];
}

/** A document with its tasks. */
export const DirectivePage = (page: ActionProps) => (
  <DetailPage<DirectiveDetail>
    page={page} from={`/admin/api/office/directives/${page.record?.id ?? ''}`} list="Văn bản chỉ đạo"
    title={(data) => (data ? `${data.kind} số ${data.symbol}` : (page.record?.title ?? ''))}
  >
    {(data) => (
      <div className="nv-stack">
        <section className="nv-card">
          <p className="nv-lead">{data.summary}</p>
          <Facts rows={[['Cơ quan ban hành', data.agency], ['Ngày ban hành', data.issuedOn], ['Người ký', data.signer], ['Độ khẩn', data.urgency], ['Độ mật', data.secret ? 'Mật' : '']]} />
        </section>
        {page.record && !data.secret ? <Files kind="directive" code={page.record.id} /> : null}
        <Tasks rows={data.tasks} />
      </div>
    )}
  </DetailPage>
);

function Tasks({ rows }: { rows: DirectiveDetail['tasks'] }) {
  return (
    <section className="nv-card">
      <h2>Nhiệm vụ ({rows.length})</h2>
      <table className="nv-table nv-cards">
        <thead>
          <tr><th>Mã nhiệm vụ</th><th>Nội dung</th><th>Cơ quan chủ trì</th><th>Hạn</th><th>Tình trạng hạn</th><th>Tiến độ</th></tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.code}>
              <td className="first"><Link className="nv-code" to={pageUrl('Task', row.code)}>{row.code}</Link></td>
              <td data-label="Nội dung"><span className="nv-clamp">{row.content}</span></td>
              <td data-label="Cơ quan chủ trì">{row.agency}</td>
              <td data-label="Hạn"><div>{row.due}{row.dueNote ? <span className="nv-note">{row.dueNote}</span> : null}</div></td>
              <td data-label="Tình trạng hạn"><TimeTag tag={row.tag} /></td>
              <td data-label="Tiến độ"><Percent value={row.percent} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
