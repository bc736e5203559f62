import { useTranslation, type ActionProps } from 'adminjs';
import { urgencyWords } from '../locale/words.js';
import { actionUrl, pageUrl } from './api.js';
import { CheckField, choicesOf, DayField, OfficeForm, partOf, SelectField, TextField, type Form, type Values } from './form.js';
import { useLookups } from './lookups.js';
import { Head, useLoaded, Waiting } from './parts.js';
import { DueFields, newTask, TaskFields } from './task-fields.js';

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
  const { data: task, problem } = useLoaded<DueNow>(`/admin/api/office/tasks/${code}`);
  return (
    <>
      <Head title={`Gia hạn ${code}`} crumb={{ to: pageUrl('Task', code), words: code }} />
      {task ? (
        <OfficeForm url={actionUrl('Task', 'moveDeadline', code)} words="Gia hạn" back={pageUrl('Task', code)} initial={{ dueMode: task.dueTime ? 'hour' : 'day', dueOn: task.dueOn ?? '', dueTime: task.dueTime, reason: '' }}>
          {(form) => (
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
        </OfficeForm>
      ) : (
        <Waiting problem={problem} />
      )}
    </>
  );
}

/** "Báo cáo tiến độ" of the agency that leads. */
export function ReportForm({ record }: ActionProps) {
  const code = record?.id ?? '';
  const { data: task, problem } = useLoaded<DueNow>(`/admin/api/office/tasks/${code}`);
  return (
    <>
      <Head title={`Báo cáo tiến độ ${code}`} crumb={{ to: pageUrl('Task', code), words: code }} />
      {task ? (
        <OfficeForm url={actionUrl('Task', 'report', code)} words="Gửi báo cáo" back={pageUrl('Task', code)} initial={{ percent: task.percent > 0 && task.percent < 100 ? String(task.percent) : '', note: '' }}>
          {(form) => (
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
        </OfficeForm>
      ) : (
        <Waiting problem={problem} />
      )}
    </>
  );
}

const reasonWords: Readonly<Record<string, string>> = { giveBack: 'Nội dung cần làm tiếp', cancel: 'Lý do hủy' };

/** A deed that needs a reason: "Trả lại", "Hủy họp". */
export function ReasonForm({ resource, record, action }: ActionProps) {
  const { translateAction } = useTranslation();
  const id = record?.id ?? '';
  const words = translateAction(action.name, resource.id);
  return (
    <>
      <Head title={`${words} ${record?.title ?? ''}`} crumb={{ to: pageUrl(resource.id, id), words: record?.title ?? '' }} />
      <OfficeForm url={actionUrl(resource.id, action.name, id)} words={words} back={pageUrl(resource.id, id)} danger={action.name === 'cancel'} initial={{ reason: '' }}>
        {(form) => (
          <section className="nv-card nv-fields">
            <TextField form={form} name="reason" label={reasonWords[action.name] ?? 'Lý do'} required rows={4} />
          </section>
        )}
      </OfficeForm>
    </>
  );
}

/** What follows from a deed, said before it is done; by resource and action. */
const follows: Readonly<Record<string, string>> = {
  'Task/confirm': 'Nhiệm vụ chuyển sang hoàn thành, ghi đúng hạn hay trễ hạn theo lúc cơ quan báo cáo; cơ quan chủ trì được báo, hệ thống thôi nhắc.',
  'Account/disable': 'Người đang dùng tài khoản này phải thoát ngay và không đăng nhập lại được cho đến khi mở lại. Những gì đã ghi vẫn giữ.',
  'CalendarDay/removeDay': 'Ngày này trở lại như thường lệ: thứ Hai đến thứ Sáu là ngày làm việc, thứ Bảy, Chủ nhật là ngày nghỉ. Số ngày còn lại và giờ gửi tin tính lại theo đó.',
};

/** A deed that is only confirmed. */
export function ConfirmForm({ resource, record, action }: ActionProps) {
  const { translateAction } = useTranslation();
  const id = record?.id ?? '';
  const words = translateAction(action.name, resource.id);
  const text = String(record?.params['content'] ?? record?.params['note'] ?? record?.params['name'] ?? '');
  const after = follows[`${resource.id}/${action.name}`];
  return (
    <>
      <Head title={`${words}: ${record?.title ?? ''}`} crumb={{ to: record ? pageUrl(resource.id, id) : `/admin/resources/${resource.id}`, words: record?.title ?? '' }} />
      <OfficeForm url={actionUrl(resource.id, action.name, id)} words={words} back={pageUrl(resource.id, id)} danger={(action.custom as { danger?: boolean }).danger === true} initial={{}}>
        {() => (
          <section className="nv-card">
            {text ? <p className="nv-lead">{text}</p> : null}
            {after ? <p>{after}</p> : null}
          </section>
        )}
      </OfficeForm>
    </>
  );
}
