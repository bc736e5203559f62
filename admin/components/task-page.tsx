import { useTranslation, type ActionProps } from 'adminjs';
import { useEffect } from 'react';
import { Link } from 'react-router-dom';
import type { Answer } from './api.js';
import { ActionButton, useActions } from './buttons.js';
import { Files } from './files.js';
import { Badge, Deliveries, Facts, Head, Percent, TimeTag, useLoaded, Waiting } from './parts.js';

interface TaskDetail {
  code: string;
  content: string;
  directiveId: string;
  directive: string;
  summary: string;
  urgency: string;
  urgencyTone: string;
  secret: boolean;
  agency: string;
  coordinating: string[];
  officer: string;
  monitor: string;
  leader: string;
  due: string;
  dueNote: string;
  originalDue: string;
  tag: string;
  percent: number;
  stage: string;
  nextReminder: string;
  timeline: { at: string; what: string; note: string; by: string; tone: string; pending: boolean; told: { person: string; state: string; tone: string }[] }[];
  /** Whom nothing reaches, in a sentence; empty as a rule. */
  unreached: string;
  deliveries: Parameters<typeof Deliveries>[0]['rows'];
}

const REFRESH_MS = 3_000;

/** A task: what, who, until when; what happened; what was sent. */
export function TaskPage({ resource, record }: ActionProps) {
  const { translateAction } = useTranslation();
  const code = record?.id ?? '';
  const { data: task, problem, reload } = useLoaded<TaskDetail>(`/admin/api/office/tasks/${code}`);
  const pending = task?.timeline.some((moment) => moment.pending) ?? false;
  // What is under way is looked at again until it has left.
  useEffect(() => {
    if (!pending) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [pending, code]);
  const { actions, take } = useActions(record);
  const done = (answer: Answer) => {
    take(answer);
    reload();
  };
  return (
    <>
      <Head title={<>{code} {task ? <span style={{ fontSize: 15, marginLeft: 8 }}><TimeTag tag={task.tag} /></span> : null}</>} crumb={{ to: '/admin/resources/Task', words: 'Nhiệm vụ' }}>
        {actions.map((action) => (
          <ActionButton key={action.name} action={action} words={translateAction(action.name, resource.id)} recordId={code} onDone={done} />
        ))}
      </Head>
      {task ? <Body task={task} /> : <Waiting problem={problem} />}
    </>
  );
}

const FIRST = 6;

/** Who was told, the first few at once. */
function ToldList({ lines }: { lines: { person: string; state: string; tone: string }[] }) {
  const line = (one: (typeof lines)[number], at: number) => <li key={at}>{one.person} <span className={one.tone === 'bad' ? 'nv-told bad' : 'nv-muted'}>· {one.state}</span></li>;
  return (
    <>
      <ul className="nv-told">{lines.slice(0, FIRST).map(line)}</ul>
      {lines.length > FIRST ? <details><summary className="nv-small">và {lines.length - FIRST} người khác</summary><ul className="nv-told">{lines.slice(FIRST).map(line)}</ul></details> : null}
    </>
  );
}

function Body({ task }: { task: TaskDetail }) {
  return (
    <div className="nv-grid">
      <div className="nv-stack">
        <section className="nv-card">
          {task.unreached ? <p className="nv-alert" role="alert" data-testid="unreached" style={{ marginBottom: 12 }}>{task.unreached}</p> : null}
          <p className="nv-lead">{task.content}</p>
          <Facts
            rows={[
              ['Hạn', <>{task.due}{task.dueNote ? ` (${task.dueNote})` : ''}{task.originalDue ? <span className="nv-note">Hạn ban đầu: {task.originalDue}</span> : null}</>],
              ['Tiến độ', <Percent value={task.percent} />],
              ['Giai đoạn', task.stage],
              ['Cơ quan chủ trì', task.agency],
              ['Cơ quan phối hợp', task.coordinating.join(', ')],
              ['Đầu mối xử lý', task.officer],
              ['Chuyên viên theo dõi', task.monitor],
              ['Lãnh đạo giao', task.leader],
              ['Căn cứ', <><Link to={`/admin/resources/Directive/records/${task.directiveId}/show`}>{task.directive}</Link><span className="nv-note">{task.summary}</span></>],
              ['Độ khẩn', <><Badge tone={task.urgencyTone}>{task.urgency}</Badge> {task.secret ? <Badge tone="warn">Mật</Badge> : null}</>],
              ['Lần nhắc tới', task.nextReminder],
            ]}
          />
        </section>
        <section className="nv-card">
          <h2>Diễn biến</h2>
          <ol className="nv-timeline">
            {task.timeline.map((moment, at) => (
              <li key={at} className={moment.tone}>
                <time>{moment.at}{moment.by ? ` · ${moment.by}` : ''}</time>
                <strong>{moment.what}</strong>
                {moment.note ? <div>{moment.note}</div> : null}
                {moment.told.length > 0 ? <ToldList lines={moment.told} /> : null}
              </li>
            ))}
          </ol>
        </section>
      </div>
      <div className="nv-stack">
        <Files kind="task" code={task.code} />
        <Deliveries rows={task.deliveries} />
      </div>
    </div>
  );
}
