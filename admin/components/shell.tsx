import { useCurrentAdmin, useTranslation } from 'adminjs';
import { useEffect } from 'react';
import { useDispatch, useSelector } from 'react-redux';
import { Link, useLocation } from 'react-router-dom';
import { accountRoleWords, wordOf } from '../locale/words.js';
import { HoldBanner } from './hold-banner.js';
import { coded } from './parts.js';

interface State {
  resources: { id: string; href: string | null }[];
  notices: { id: string; message: string; type?: string }[];
}

const groups: [title: string, resources: string[]][] = [
  ['Chỉ đạo, điều hành', ['Task', 'Directive', 'Meeting']],
  ['Liên lạc', ['channels', 'ledger', 'Delivery', 'hold', 'Inbound', 'ZbsTemplate']],
  ['Danh mục', ['Agency', 'Person', 'CalendarDay']],
  ['Hệ thống', ['Account', 'AuditEntry']],
];

/** Pages in the menu, by role. Only the menu: the data behind them is checked by the policy. */
const pageRoles: Readonly<Record<string, readonly string[]>> = { channels: ['admin', 'office'], hold: ['admin', 'office'], ledger: ['admin', 'office', 'leader'] };

/** The menu: only what this account may open. */
export function Sidebar({ isVisible }: { isVisible: boolean }) {
  const resources = useSelector((state: State) => state.resources);
  const { pathname } = useLocation();
  const { translateLabel } = useTranslation();
  const [me] = useCurrentAdmin();
  const isPage = (id: string) => id in pageRoles;
  const open = (id: string) => (isPage(id) ? pageRoles[id]?.includes((me as { role?: string } | null)?.role ?? '') : resources.some((resource) => resource.id === id && resource.href));
  const hrefOf = (id: string) => `/admin/${isPage(id) ? 'pages' : 'resources'}/${id}`;
  return (
    <aside className={`nv-sidebar ${isVisible ? 'visible' : ''}`}>
      <Link className="nv-brand" to="/admin" style={{ borderRadius: 0 }}>
        <img src="/admin/static/icon.svg" alt="" width="32" height="32" />
        <div>
          <strong>Nhắc Việc</strong>
          <span>Văn phòng UBND tỉnh</span>
        </div>
      </Link>
      <nav aria-label="Danh mục">
        <Link to="/admin" aria-current={pathname === '/admin' || pathname === '/admin/' ? 'page' : undefined}>
          Tổng quan
        </Link>
        {groups.map(([title, ids]) => {
          const shown = ids.filter(open);
          return shown.length === 0 ? null : (
            <div key={title}>
              <h2>{title}</h2>
              {shown.map((id) => (
                <Link key={id} to={hrefOf(id)} aria-current={pathname.startsWith(hrefOf(id)) && !/^\w/.test(pathname.slice(hrefOf(id).length)) ? 'page' : undefined}>
                  {translateLabel(id)}
                </Link>
              ))}
            </div>
          );
        })}
      </nav>
    </aside>
  );
}

/** Who is signed in, and the way out: a form, because leaving changes something; below, whether sending is held. */
export function TopBar({ toggleSidebar }: { toggleSidebar: () => void }) {
  const [me] = useCurrentAdmin();
  return (
    <>
      <header className="nv-topbar">
        <button type="button" className="nv-menu" aria-label="Mở danh mục" onClick={toggleSidebar}>
          <i />
          <i />
          <i />
        </button>
        <Notices />
        <div className="who">
          <Link to="/admin/pages/password" title="Đổi mật khẩu">{me?.title}</Link>
          <span><i className="role">{wordOf(accountRoleWords, (me as { role?: string } | null)?.role)} · </i><Link to="/admin/pages/password">Đổi mật khẩu</Link></span>
        </div>
        <form method="post" action="/admin/logout">
          <button type="submit" className="nv-button small">
            Đăng xuất
          </button>
        </form>
      </header>
      <HoldBanner />
    </>
  );
}

/** Titles and buttons belong to each screen, short messages to the bar. */
export const Nothing = () => null;

/** Short messages after a deed, in the bar's own room, so that they cover no button and no line; errors stay until closed. */
function Notices() {
  const notices = useSelector((state: State) => state.notices);
  const dispatch = useDispatch();
  const { translateMessage } = useTranslation();
  const drop = (id: string) => dispatch({ type: 'DROP_NOTICE', data: { noticeId: id } });
  // What went well later makes the earlier complaints untrue; the same complaint twice is one.
  const last = notices.at(-1);
  useEffect(() => {
    if (last && last.type !== 'error') notices.filter(({ type }) => type === 'error').forEach(({ id }) => drop(id));
    if (last) notices.filter(({ id, message }) => id !== last.id && message === last.message).forEach(({ id }) => drop(id));
  }, [last?.id]);
  return (
    <div className="nv-notices" role="status" data-testid="notice-wrapper">
      {notices.map((notice) => (
        <div key={notice.id} className={`nv-notice ${notice.type ?? ''}`} ref={(element) => void (element && notice.type !== 'error' && setTimeout(() => drop(notice.id), 6000))}>
          <div style={{ flex: 1 }}>{coded(/\s/.test(notice.message) ? notice.message : translateMessage(notice.message))}</div>
          <button type="button" aria-label="Đóng" onClick={() => drop(notice.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
