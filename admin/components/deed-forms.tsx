import { useTranslation, type ActionProps } from 'adminjs';
import { actionUrl, pageUrl } from './api.js';
import { OfficeForm, TextField } from './form.js';
import { Facts, Head, useLoaded } from './parts.js';

const reasonWords: Readonly<Record<string, string>> = { giveBack: 'Nội dung cần làm tiếp', cancel: 'Lý do hủy' };

/** A deed that needs a reason: "Trả lại", "Hủy họp". What it is done to stands above, since a code alone is easily mistaken. */
export function ReasonForm({ resource, record, action }: ActionProps) {
  const { translateAction } = useTranslation();
  const id = record?.id ?? '';
  const words = translateAction(action.name, resource.id);
  return (
    <>
      <Head title={`${words} ${record?.title ?? ''}`} crumb={{ to: pageUrl(resource.id, id), words: record?.title ?? '' }} />
      <OfficeForm url={actionUrl(resource.id, action.name, id)} words={words} back={pageUrl(resource.id, id)} danger={action.name === 'cancel'} initial={{ reason: '' }}>
        {(form) => (
          <section className="nv-card">
            {resource.id === 'Meeting' ? <TheMeeting code={id} /> : resource.id === 'Task' ? <TheTask code={id} /> : null}
            <div className="nv-fields">
              <TextField form={form} name="reason" label={reasonWords[action.name] ?? 'Lý do'} required rows={4} />
            </div>
          </section>
        )}
      </OfficeForm>
    </>
  );
}

function TheMeeting({ code }: { code: string }) {
  const { data: meeting } = useLoaded<{ title: string; startsAt: string; place: string; chair: string; board: unknown[]; confirmed: number; attending: number }>(`/admin/api/office/meetings/${code}`);
  if (!meeting) return null;
  return (
    <div data-testid="about" style={{ marginBottom: 14 }}>
      <p className="nv-lead">{meeting.title}</p>
      <Facts rows={[['Thời gian', meeting.startsAt], ['Địa điểm', meeting.place], ['Chủ trì', meeting.chair], ['Thành phần', `${meeting.board.length} người, ${meeting.confirmed} đã xác nhận, ${meeting.attending} tham dự`]]} />
      <p className="nv-hint" style={{ marginTop: 8 }}>Ai đã được mời thì được báo hủy kèm lý do. Cuộc họp đã hủy không mở lại được.</p>
    </div>
  );
}

function TheTask({ code }: { code: string }) {
  const { data: task } = useLoaded<{ content: string; directive: string; agency: string; percent: number; stage: string; due: string; dueNote: string }>(`/admin/api/office/tasks/${code}`);
  if (!task) return null;
  return (
    <div data-testid="about" style={{ marginBottom: 14 }}>
      <p className="nv-lead">{task.content}</p>
      <Facts rows={[['Căn cứ', task.directive], ['Cơ quan chủ trì', task.agency], ['Hạn', `${task.due}${task.dueNote ? ` (${task.dueNote})` : ''}`], ['Tiến độ', `${task.percent}%, ${task.stage.toLowerCase()}`]]} />
    </div>
  );
}

/** What follows from a deed, said before it is done; by resource and action. */
const follows: Readonly<Record<string, string>> = {
  'Task/confirm': 'Nhiệm vụ chuyển sang hoàn thành, ghi đúng hạn hay trễ hạn theo lúc cơ quan báo cáo; cơ quan chủ trì được báo, hệ thống thôi nhắc.',
  'Account/disable': 'Người đang dùng tài khoản này phải thoát ngay và không đăng nhập lại được cho đến khi mở lại. Những gì đã ghi vẫn giữ.',
  'Inbound/retry': 'Hệ thống xử lý tin này như vừa nhận được và trả lời người gửi. Nếu sau đó người gửi đã báo nội dung mới hơn, đề nghị xem lại tình trạng nhiệm vụ hoặc cuộc họp sau khi xử lý.',
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
