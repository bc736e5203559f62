import { useTranslation, type ActionProps } from 'adminjs';
import { Link } from 'react-router-dom';
import { ActionButton } from './buttons.js';
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
  timeline: { at: string; what: string; note: string; by: string; tone: string }[];
  deliveries: Parameters<typeof Deliveries>[0]['rows'];
}

/** A task: what, who, until when; what happened; what was sent. */
export function TaskPage({ resource, record }: ActionProps) {
  const { translateAction } = useTranslation();
  const code = record?.id ?? '';
  const { data: task, problem, reload } = useLoaded<TaskDetail>(`/admin/api/office/tasks/${code}`);
  const actions = record?.recordActions.filter(({ name }) => name !== 'show') ?? [];
  return (
    <>
      <Head title={<>{code} {task ? <span style={{ fontSize: 15, marginLeft: 8 }}><TimeTag tag={task.tag} /></span> : null}</>} crumb={{ to: '/admin/resources/Task', words: 'Nhiệm vụ' }}>
        {actions.map((action) => (
          <ActionButton key={action.name} action={action} words={translateAction(action.name, resource.id)} recordId={code} onDone={reload} />
        ))}
      </Head>
      {task ? <Body task={task} /> : <Waiting problem={problem} />}
    </>
  );
}

function Body({ task }: { task: TaskDetail }) {
  return (
    <div className="nv-grid">
      <div className="nv-stack">
        <section className="nv-card">
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
              </li>
            ))}
          </ol>
        </section>
      </div>
      <div className="nv-stack">
        <Deliveries rows={task.deliveries} />
      </div>
    </div>
  );
}
