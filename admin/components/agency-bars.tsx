import { Link } from 'react-router-dom';
import { tagLooks } from '../look.js';

export interface AgencyBar {
  code: string;
  name: string;
  short: string;
  overdue: number;
  'due-soon': number;
  'on-track': number;
}

const parts = ['overdue', 'due-soon', 'on-track'] as const;
/** Marks that part the bars on paper and for the colour-blind. */
const WIDE = 100;

/** Open tasks by agency: one bar each, with its numbers on it; a click leads to the agency's tasks. */
export function AgencyBars({ rows }: { rows: AgencyBar[] }) {
  const most = Math.max(1, ...rows.map(total));
  return (
    <section className="nv-card">
      <h2>Nhiệm vụ đang mở theo cơ quan chủ trì</h2>
      <p className="nv-key">
        {parts.map((part) => (
          <span key={part} style={{ color: tagLooks[part]?.colour }}>
            <i aria-hidden="true">{tagLooks[part]?.shape}</i> {tagLooks[part]?.words}
          </span>
        ))}
      </p>
      <div className="nv-bars nv-agencies">
        {rows.map((row) => (
          <Link key={row.code} to={`/admin/resources/Task?filters.agency=${encodeURIComponent(row.code)}`} aria-label={`${row.name}: ${parts.map((part) => `${tagLooks[part]?.words.toLowerCase()} ${row[part]}`).join(', ')}`}>
            <span title={row.name}>{row.short}</span>
            <span className="nv-split" style={{ width: `${Math.max(8, (total(row) / most) * WIDE)}%` }} aria-hidden="true">
              {parts.filter((part) => row[part] > 0).map((part) => (
                <svg key={part} height="22" style={{ flexGrow: row[part] }} role="presentation">
                  <rect width="100%" height="22" fill={tagLooks[part]?.colour} />
                  <text x="50%" y="15.5" textAnchor="middle" fill="#fff" fontSize="13" fontWeight="600">{row[part]}</text>
                </svg>
              ))}
            </span>
          </Link>
        ))}
      </div>
    </section>
  );
}

const total = (row: AgencyBar): number => row.overdue + row['due-soon'] + row['on-track'];
