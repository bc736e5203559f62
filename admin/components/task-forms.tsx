import type { ActionProps } from 'adminjs';
import { urgencyWords } from '../locale/words.js';
import { actionUrl, pageUrl } from './api.js';
import { CheckField, choicesOf, DayField, OfficeForm, partOf, SelectField, TextField, type Form, type Values } from './form.js';
import { useLookups } from './lookups.js';
import { Head } from './parts.js';
import { DueFields, newTask, TaskFields } from './task-fields.js';
import { RecordForm } from './record-form.js';

const kinds = ['Công văn', 'Chỉ thị', 'Quyết định', 'Kế hoạch', 'Thông báo', 'Thông báo kết luận', 'Công điện', 'Nghị quyết', 'Tờ trình'];

/** "Giao nhiệm vụ": a document and its tasks on one page. */
export function AssignForm({ resource }: ActionProps) {
  const { agencies, people } = useLookups(true);
  const back = `/admin/resources/${resource.id}`;
  return (
    <>
      <Head title="Giao nhiệm vụ" crumb={{ to: back, words: resource.id === 'Task' ? 'Nhiệm vụ' : 'Văn bản chỉ đạo' }} />
      <OfficeForm url={actionUrl(resource.id, 'assign')} words="Giao nhiệm vụ" back={back} initial={{ symbol: '', kind: 'Công văn', issuedOn: '', signer: '', summary: '', urgency: 'normal', secret: false, agencyCode: 'UBND', tasks: [newTask], acceptPast: false }}>
        {(form) => (
          <>
            <DirectiveFields form={form} agencies={agencies} />
            {(form.values['tasks'] as Values[]).map((task, at) => (
              <OneTask key={at} form={form} task={task} at={at} agencies={agencies} people={people} />
            ))}
            <div style={{ marginTop: 12 }}>
              <button type="button" className="nv-button" onClick={() => form.set('tasks', [...(form.values['tasks'] as Values[]), newTask])}>
                Thêm nhiệm vụ của văn bản này
              </button>
            </div>
          </>
        )}
      </OfficeForm>
    </>
  );
}

function DirectiveFields({ form, agencies }: { form: Form; agencies: { code: string; name: string }[] }) {
  return (
    <fieldset className="nv-card" style={{ marginTop: 0 }}>
      <legend>Văn bản chỉ đạo</legend>
      <div className="nv-fields">
        <TextField form={form} name="symbol" label="Số, ký hiệu" required size="third" placeholder="5127/UBND-KT" />
        <TextField form={form} name="kind" label="Loại văn bản" required size="third" list={kinds} />
        <DayField form={form} name="issuedOn" label="Ngày ban hành" required size="third" />
        <TextField form={form} name="summary" label="Trích yếu" required rows={2} />
        <SelectField form={form} name="agencyCode" label="Cơ quan ban hành" size="half" choices={agencies.map(({ code, name }) => ({ value: code, label: name }))} />
        <TextField form={form} name="signer" label="Người ký" required size="half" placeholder="Họ và tên, chức vụ" />
        <SelectField form={form} name="urgency" label="Độ khẩn" required size="half" choices={choicesOf(urgencyWords)} />
        <CheckField form={form} name="secret" label="Văn bản mật" size="half" hint="Nội dung không gửi qua kênh nào; tin nhắn chỉ báo có việc mới." />
      </div>
    </fieldset>
  );
}

function OneTask({ form, task, at, agencies, people }: { form: Form; task: Values; at: number } & ReturnType<typeof useLookups>) {
  const tasks = form.values['tasks'] as Values[];
  const change = (values: Values) => form.set('tasks', tasks.map((one, place) => (place === at ? values : one)));
  return (
    <fieldset className="nv-card">
      <legend>Nhiệm vụ {tasks.length > 1 ? at + 1 : ''}</legend>
      <TaskFields form={partOf(form, `tasks.${at}`, task, change)} agencies={agencies} people={people} />
      {tasks.length > 1 ? (
        <button type="button" className="nv-button small danger" style={{ marginTop: 10 }} onClick={() => form.set('tasks', tasks.filter((_one, place) => place !== at))}>
          Bỏ nhiệm vụ này
        </button>
      ) : null}
    </fieldset>
  );
}

/** "Thêm nhiệm vụ" to a document. */
export function AddTaskForm({ resource, record }: ActionProps) {
  const { agencies, people } = useLookups(true);
  const id = record?.id ?? '';
  return (
    <>
      <Head title="Thêm nhiệm vụ" crumb={{ to: pageUrl('Directive', id), words: `Văn bản ${record?.title ?? ''}` }} />
      <OfficeForm url={actionUrl(resource.id, 'addTask', id)} words="Giao nhiệm vụ" back={pageUrl('Directive', id)} initial={newTask}>
        {(form) => (
          <section className="nv-card">
            <TaskFields form={form} agencies={agencies} people={people} />
          </section>
        )}
      </OfficeForm>
    </>
  );
}

interface DueNow {
  content: string;
  percent: number;
  stage: string;
  due: string;
  dueNote: string;
  originalDue: string;
  dueOn: string | null;
  dueTime: string;
}

/** "Gia hạn": the deadline as it stands, the new one, and why. */
export function DeadlineForm({ record }: ActionProps) {
  const code = record?.id ?? '';
  return (
    <RecordForm<DueNow> title={`Gia hạn ${code}`} about={{ resource: 'Task', id: code, words: code }} from={`/admin/api/office/tasks/${code}`} action="moveDeadline" words="Gia hạn" initial={(task) => ({ dueMode: task.dueTime ? 'hour' : 'day', dueOn: task.dueOn ?? '', dueTime: task.dueTime, reason: '', acceptEarlier: false })}>
      {(form, task) => (
        <section className="nv-card">
          <p className="nv-lead">{task.content}</p>
          <p style={{ marginBottom: 14 }}>
            Hạn hiện nay: <strong>{task.due}</strong> {task.dueNote ? `(${task.dueNote})` : ''}
            {task.originalDue ? <span className="nv-muted"> · hạn ban đầu {task.originalDue}</span> : null}
          </p>
          <div className="nv-fields">
            <DueFields form={form} mayBeNone={false} />
            <TextField form={form} name="reason" label="Lý do" required rows={3} />
          </div>
        </section>
      )}
    </RecordForm>
  );
}

/** "Báo cáo tiến độ" of the agency that leads. */
export function ReportForm({ record }: ActionProps) {
  const code = record?.id ?? '';
  return (
    <RecordForm<DueNow> title={`Báo cáo tiến độ ${code}`} about={{ resource: 'Task', id: code, words: code }} from={`/admin/api/office/tasks/${code}`} action="report" words="Gửi báo cáo" initial={(task) => ({ percent: task.percent > 0 && task.percent < 100 ? String(task.percent) : '', note: '' })}>
      {(form, task) => (
        <section className="nv-card">
          <p className="nv-lead">{task.content}</p>
          <p style={{ marginBottom: 14 }}>
            Hạn: <strong>{task.due}</strong> {task.dueNote ? `(${task.dueNote})` : ''} · đang ghi nhận <strong>{task.percent}%</strong>, {task.stage.toLowerCase()}
          </p>
          <div className="nv-fields">
            <TextField form={form} name="percent" label="Tiến độ (%)" required size="third" inputMode="numeric" placeholder="70" hint={Number(form.values['percent']) === 100 ? 'Báo cáo hoàn thành: chuyển Văn phòng UBND tỉnh xác nhận.' : 'Gõ 100 khi đã xong toàn bộ.'} />
            <TextField form={form} name="note" label="Nội dung, kết quả" rows={4} />
          </div>
        </section>
      )}
    </RecordForm>
  );
}
