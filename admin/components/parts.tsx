import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { tagLooks } from '../look.js';
import { getJson } from './api.js';
import { asLastSeen } from './last-list.js';

/** A time tag: shape, words and colour together. */
export function TimeTag({ tag }: { tag: string }) {
  const look = tagLooks[tag];
  return look ? (
    <span className="nv-tag" style={{ color: look.colour }}>
      <i aria-hidden="true">{look.shape}</i>
      {look.words}
    </span>
  ) : null;
}

export const Badge = ({ tone, children }: { tone?: string; children: ReactNode }) => <span className={`nv-badge ${tone ?? ''}`}>{children}</span>;

export function Percent({ value }: { value: number }) {
  return (
    <span className="nv-percent">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="10" rx="3" fill="#dde3ea" />
        <rect width={value} height="10" rx="3" fill="#0b5cad" />
      </svg>
      <span>{value}%</span>
    </span>
  );
}

/** Codes in a text stay on one line: a hyphen at a line's end would part them. */
export const coded = (text: ReactNode): ReactNode =>
  typeof text === 'string' ? text.split(/((?:NV|HOP)-\d{4}-\d{5,7})/).map((part, at) => (at % 2 === 1 ? <span key={at} className="nv-short">{part}</span> : part)) : text;

/** Title, way back and buttons of a page. */
export function Head({ title, crumb, children }: { title: ReactNode; crumb?: { to: string; words: string }; children?: ReactNode }) {
  return (
    <header className="nv-head">
      <div>
        {crumb ? (
          <div className="nv-crumbs">
            <Link to={asLastSeen(crumb.to)}>{crumb.words}</Link> ›
          </div>
        ) : null}
        <h1>{coded(title)}</h1>
      </div>
      {children ? <div className="nv-actions">{children}</div> : null}
    </header>
  );
}

/** Label and value pairs; empty values are left out. */
export function Facts({ rows }: { rows: [label: string, value: ReactNode][] }) {
  return (
    <dl className="nv-facts">
      {rows
        .filter(([, value]) => value !== '' && value !== null && value !== undefined)
        .map(([label, value]) => [<dt key={`${label}-t`}>{label}</dt>, <dd key={`${label}-d`}>{value}</dd>])}
    </dl>
  );
}

/** Loads JSON for a page and can load it again after a deed. */
export function useLoaded<T>(url: string): { data?: T; problem?: string; reload: () => void } {
  const [state, setState] = useState<{ data?: T; problem?: string }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    getJson<T>(url).then(
      (data) => wanted && setState({ data }),
      (error: Error) => wanted && setState({ problem: error.message }),
    );
    return () => {
      wanted = false;
    };
  }, [url, round]);
  return { ...state, reload: () => setRound((n) => n + 1) };
}

/** Shown until data is there, or instead of it. */
export const Waiting = ({ problem }: { problem?: string | undefined }) => (problem ? <p className="nv-alert">{problem}</p> : <p className="nv-muted">Đang tải…</p>);

interface DeliveryLine {
  id: string;
  at: string;
  person: string;
  kind: string;
  about: string;
  channel: string;
  state: string;
  tone: string;
  reason: string;
}

/** What was sent about a task or meeting and what became of it; nothing for those who may not see it. */
export function Deliveries({ rows }: { rows: DeliveryLine[] | null }) {
  const here = window.location.pathname;
  if (!rows) return null;
  return (
    <section className="nv-card">
      <h2>Tin nhắn</h2>
      {rows.length === 0 ? <p className="nv-muted">Chưa có tin nào.</p> : null}
      <ul className="nv-list">
        {rows.map((row) => (
          <li key={row.id}>
            <Badge tone={row.tone}>{row.state}</Badge> <span className="nv-small nv-muted">{row.at}</span>
            <div>
              {row.person} <span className="nv-muted nv-small">· {row.kind}{row.about && !here.includes(row.about) ? coded(` ${row.about}`) : ''}{row.channel ? ` · ${row.channel}` : ''}</span>
            </div>
            {row.reason ? <div className="nv-note">{row.reason}</div> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
