import type { ActionProps } from 'adminjs';
import { Link } from 'react-router-dom';
import { pageUrl } from './api.js';
import { hoursFacts } from './hours-fields.js';
import { Badge, Facts } from './parts.js';
import { DetailPage } from './detail-page.js';

/** What the server tells of one agency (details/agency-detail.ts). */
export interface AgencyDetail {
  code: string;
  rev: number;
  name: string;
  shortName: string;
  symbol: string;
  type: string;
  typeWords: string;
  parentCode: string;
  parent: string;
  abbreviation: string;
  digestAt: string;
  quietFrom: string;
  quietTo: string;
  quiet: string;
  email: string;
  mailboxGone: string;
  phone: string;
  order: string;
  remote: boolean;
  active: boolean;
  openTasks: number;
  people: { id: string; name: string; position: string; roles: string }[];
  history: { at: string; by: string; what: string; before: string; after: string }[];
}

/** An agency: how it is reached, who works there, how it was changed. */
export const AgencyPage = (page: ActionProps) => (
  <DetailPage<AgencyDetail>
    page={page} from={`/admin/api/office/agencies/${page.record?.id ?? ''}`} list="Cơ quan, đơn vị"
    title={(agency) => <>{page.record?.title} {agency?.active === false ? <Badge tone="quiet">Đã ngừng hoạt động</Badge> : null}</>}
  >
    {(agency) => <Body agency={agency} />}
  </DetailPage>
);

function Body({ agency }: { agency: AgencyDetail }) {
  return (
    <div className="nv-grid">
      <div className="nv-stack">
        <section className="nv-card">
          <Facts
            rows={[
              ['Mã', agency.abbreviation ? <>{agency.abbreviation} <span className="nv-muted nv-small">mã gốc {agency.code}</span></> : agency.code],
              ['Tên gọi tắt', agency.shortName],
              ['Ký hiệu trong văn bản', agency.symbol],
              ['Loại', agency.typeWords],
              ['Trực thuộc', agency.parent],
              ['Hộp thư', agency.email ? <>{agency.email}{agency.mailboxGone ? <span className="nv-note nv-told bad">{agency.mailboxGone}</span> : null}</> : 'Chưa có: bản sao cho cơ quan không gửi được'],
              ...(agency.email ? hoursFacts(agency) : []),
              ['Điện thoại', agency.phone ? <a href={`tel:${agency.phone.replace(/[^\d+]/g, '')}`}>{agency.phone}</a> : ''],
              ['Thứ tự', agency.order],
              ['Địa bàn', agency.remote ? 'Vùng sâu, vùng xa' : ''],
              ['Nhiệm vụ đang mở', <Link to={`/admin/resources/Task?filters.agency=${encodeURIComponent(agency.code)}`}>{agency.openTasks.toLocaleString('vi-VN')} nhiệm vụ chủ trì</Link>],
            ]}
          />
        </section>
        {agency.history.length > 0 ? <History rows={agency.history} /> : null}
      </div>
      <section className="nv-card">
        <h2>Cán bộ ({agency.people.length})</h2>
        {agency.people.length === 0 ? <p className="nv-muted">Chưa có cán bộ nào nên chưa ai nhận được lời nhắc. <Link to="/admin/resources/Person">Mở mục Cán bộ</Link> để thêm.</p> : null}
        <ul className="nv-list">
          {agency.people.map((person) => (
            <li key={person.id}><Link to={pageUrl('Person', person.id)}>{person.name}</Link> <span className="nv-muted nv-small">{person.roles}</span><div className="nv-note">{person.position}</div></li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function History({ rows }: { rows: AgencyDetail['history'] }) {
  return (
    <section className="nv-card" data-testid="agency-history">
      <h2>Thay đổi</h2>
      <ol className="nv-timeline">
        {rows.map((row, at) => (
          <li key={at}>
            <time>{row.at} · {row.by}</time>
            <strong>{row.what}</strong>
            {row.before ? <div className="nv-note">Trước: {row.before}</div> : null}
            {row.after ? <div className="nv-note">Sau: {row.after}</div> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
