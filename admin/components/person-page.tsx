import type { ActionProps } from 'adminjs';
import { Link } from 'react-router-dom';
import { pageUrl } from './api.js';
import { hoursFacts } from './hours-fields.js';
import { Badge, Deliveries, Facts } from './parts.js';
import { DetailPage } from './detail-page.js';

/** What the server tells of one person (details/person-detail.ts). */
export interface PersonDetail {
  id: string;
  rev: number;
  name: string;
  position: string;
  agencyCode: string;
  agency: string;
  roles: string[];
  roleWords: string;
  phone: string;
  phoneVerified: string;
  email: string;
  deputyId: string;
  deputy: string;
  standsInFor: string[];
  leaveFrom: string;
  leaveUntil: string;
  leave: string;
  awayNow: boolean;
  digestAt: string;
  quietFrom: string;
  quietTo: string;
  quiet: string;
  channelOrder: string[];
  channels: string;
  active: boolean;
  leftAt: string;
  chats: { channel: string; linkedAt: string; by: string; lastInboundAt: string; dead: string }[];
  hints: string[];
  logins: { id: string; email: string; role: string; off: boolean }[];
  deliveries: Parameters<typeof Deliveries>[0]['rows'];
}

/** A person: how they are reached, who stands in, what was sent. */
export const PersonPage = (page: ActionProps) => (
  <DetailPage<PersonDetail> page={page} from={`/admin/api/office/people/${page.record?.id ?? ''}`} list="Cán bộ" title={(person) => <>{page.record?.title} {person ? <Standing person={person} /> : null}</>}>
    {(person) => <Body person={person} />}
  </DetailPage>
);

function Standing({ person }: { person: PersonDetail }) {
  if (!person.active) return <Badge tone="quiet">Không còn công tác</Badge>;
  return person.awayNow ? <Badge tone="warn">Đang nghỉ</Badge> : null;
}

function Body({ person }: { person: PersonDetail }) {
  return (
    <div className="nv-grid">
      <div className="nv-stack">
        <section className="nv-card">
          <Facts
            rows={[
              ['Chức vụ', person.position],
              ['Cơ quan', person.agency],
              ['Vai trò', person.roleWords],
              ['Điện thoại', person.phone ? <><a href={`tel:${person.phone.replace(/\s/g, '')}`}>{person.phone}</a><span className="nv-note">{person.phoneVerified}</span></> : ''],
              ['Thư điện tử', person.email],
              ['Người thay', person.deputy],
              ['Thay cho', person.standsInFor.join('; ')],
              ['Nghỉ, đi vắng', person.leave],
              ['Thôi công tác', person.leftAt],
              ['Kênh ưu tiên', person.channels || 'Theo thứ tự chung của Văn phòng'],
              ...hoursFacts(person),
            ]}
          />
        </section>
        <Chats person={person} />
        {person.logins.length > 0 ? (
          <section className="nv-card">
            <h2>Tài khoản đăng nhập</h2>
            <ul className="nv-list">
              {person.logins.map((login) => (
                <li key={login.id}><Link to={pageUrl('Account', login.id)}>{login.email}</Link> <span className="nv-muted nv-small">{login.role}{login.off ? ' · đã khóa' : ''}</span></li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
      <div className="nv-stack">
        <Deliveries rows={person.deliveries} />
      </div>
    </div>
  );
}

function Chats({ person }: { person: PersonDetail }) {
  return (
    <section className="nv-card">
      <h2>Kênh đã liên kết</h2>
      {person.hints.map((hint) => <p key={hint} className="nv-hint" role="note">{hint}</p>)}
      {person.chats.length === 0 && !person.active ? <p className="nv-muted">Không có kênh nào.</p> : null}
      {person.chats.length === 0 && person.active ? <p className="nv-muted">Chưa liên kết kênh nào. Bấm “Cấp mã liên kết” để liên kết Zalo, Telegram.</p> : null}
      <ul className="nv-list">
        {person.chats.map((chat) => (
          <li key={chat.channel}>
            <strong>{chat.channel}</strong> {person.active ? <Badge tone={chat.dead ? 'bad' : 'good'}>{chat.dead || 'đang nhận tin'}</Badge> : <Badge tone="quiet">không gửi (đã nghỉ việc)</Badge>}
            <div className="nv-note">Liên kết {chat.linkedAt} {chat.by} · tin gần nhất từ đồng chí: {chat.lastInboundAt}</div>
          </li>
        ))}
      </ul>
    </section>
  );
}
