import { useState } from 'react';
import { Link } from 'react-router-dom';
import { palette, tagLooks, type TagLook } from '../look.js';

export interface AgencyBar {
  code: string;
  name: string;
  short: string;
  overdue: number;
  'due-soon': number;
  'on-track': number;
  'no-deadline': number;
  submitted: number;
}

const parts = ['overdue', 'due-soon', 'on-track', 'no-deadline', 'submitted'] as const;
type Part = (typeof parts)[number];
const submittedLook: TagLook = { words: 'Chờ xác nhận', colour: palette.green, shape: '■' };
/** Marks that part the bars on paper and for the colour-blind. */
const lookOf = (part: Part): TagLook | undefined => (part === 'submitted' ? submittedLook : tagLooks[part]);
const WIDE = 100;
/** As many as fit beside the day's meetings; the others are one press away. */
const FIRST = 12;

/** Open tasks by agency: one bar each, with its numbers on it; a click leads to the same tasks in the list. */
export function AgencyBars({ rows }: { rows: AgencyBar[] }) {
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...rows.map(total));
  return (
    <section className="nv-card" data-testid="agency-bars">
      <h2>Nhiệm vụ đang mở theo cơ quan chủ trì</h2>
      <p className="nv-key">
        {parts.filter((part) => rows.some((row) => row[part] > 0)).map((part) => (
          <span key={part} style={{ color: lookOf(part)?.colour }}>
            <i aria-hidden="true">{lookOf(part)?.shape}</i> {lookOf(part)?.words}
          </span>
        ))}
      </p>
      <div className="nv-bars nv-agencies">
        {(all ? rows : rows.slice(0, FIRST)).map((row) => (
          <Link key={row.code} to={`/admin/resources/Task?filters.agency=${encodeURIComponent(row.code)}&filters.stage=open`} aria-label={`${row.name}: ${parts.map((part) => `${lookOf(part)?.words.toLowerCase()} ${row[part]}`).join(', ')}`}>
            <span title={row.name}>{row.short}</span>
            <span className="nv-split" style={{ width: `${Math.max(8, (total(row) / most) * WIDE)}%` }} aria-hidden="true">
              {parts.filter((part) => row[part] > 0).map((part) => (
                <svg key={part} height="22" style={{ flexGrow: row[part] }} role="presentation">
                  <rect width="100%" height="22" fill={lookOf(part)?.colour} />
                  <text x="50%" y="15.5" textAnchor="middle" fill="#fff" fontSize="13" fontWeight="600">{row[part]}</text>
                </svg>
              ))}
            </span>
          </Link>
        ))}
      </div>
      {rows.length > FIRST && !all ? (
        <p style={{ marginTop: 8 }}>
          <span className="nv-muted">Đang hiện {FIRST} trên {rows.length} cơ quan, nhiều việc quá hạn nhất trước. </span>
          <button type="button" className="nv-button small" onClick={() => setAll(true)}>Xem cả {rows.length} cơ quan</button>
        </p>
      ) : null}
    </section>
  );
}

const total = (row: AgencyBar): number => parts.reduce((sum, part) => sum + row[part], 0);
