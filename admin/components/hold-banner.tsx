import { useEffect, useState } from 'react';
import { useSelector } from 'react-redux';
import { Link, useLocation } from 'react-router-dom';
import { getJson } from './api.js';

interface Held {
  words: string;
  since: string;
  urgentPasses: boolean;
  mayOpen: boolean;
}

const PAGE = '/admin/pages/hold';

/** Over every page while sending is held: nobody should wonder why nothing arrives. Looked at anew on each page and after each deed. */
export function HoldBanner() {
  const { pathname } = useLocation();
  const lastNotice = useSelector((state: { notices: { id: string }[] }) => state.notices.at(-1)?.id);
  const [held, setHeld] = useState<Held | null>(null);
  useEffect(() => {
    let wanted = true;
    getJson<{ held: Held | null }>('/admin/api/office/held').then(
      (answer) => wanted && setHeld(answer.held),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [pathname, lastNotice]);
  // That page says it itself, with what can be done about it.
  if (!held || pathname === PAGE) return null;
  return (
    <div className="nv-held" role="status" data-standing data-held>
      <strong>{held.words}</strong> Từ {held.since}. {held.urgentPasses ? 'Tin gửi ngay vẫn được gửi, tin khác chờ.' : 'Mọi tin đều chờ.'} {held.mayOpen ? <Link to={PAGE}>Mở trang Tạm dừng gửi</Link> : null}
    </div>
  );
}
