import { useCurrentAdmin } from 'adminjs';
import { useLoaded } from './parts.js';

interface Standing {
  problems: { part: string; detail: string; since: string; advice: string }[];
}

/** A red box in words while something stands still; nothing for those who may not know, or where all is well. A hold stands over every page already. */
export function StandingBox() {
  const [me] = useCurrentAdmin();
  const role = (me as { role?: string } | null)?.role ?? '';
  // Only what to ask for: the data behind it is checked by the policy.
  return role === 'admin' || role === 'office' ? <Problems /> : null;
}

function Problems() {
  const { data } = useLoaded<Standing>('/admin/api/office/standing');
  const problems = data?.problems.filter(({ part }) => part !== 'hold') ?? [];
  if (problems.length === 0) return null;
  return (
    <div className="nv-alert" role="alert" data-standing style={{ marginBottom: 14 }}>
      {problems.map((problem) => (
        <div key={problem.part} style={{ marginBottom: 4 }}>
          <strong>{problem.detail}</strong> Từ {problem.since}. {problem.advice}
        </div>
      ))}
    </div>
  );
}
