import type { ActionProps } from 'adminjs';
import { meetingKindWords } from '../locale/words.js';
import { actionUrl, pageUrl } from './api.js';
import { choicesOf, DayField, OfficeForm, SelectField, TextField, TimeField } from './form.js';
import { useLookups } from './lookups.js';
import { Head, useLoaded, Waiting } from './parts.js';
import { Picker } from './picker.js';
import { SmsPreview } from './sms-preview.js';

/** "Triệu tập họp". */
export function CallMeetingForm({ resource }: ActionProps) {
  const { people, agencies } = useLookups(true);
  const agencyOf = (code: string) => agencies.find((agency) => agency.code === code)?.name ?? code;
  return (
    <>
      <Head title="Triệu tập họp" crumb={{ to: '/admin/resources/Meeting', words: 'Cuộc họp' }} />
      <OfficeForm url={actionUrl(resource.id, 'call')} words="Triệu tập họp" back="/admin/resources/Meeting" initial={{ title: '', kind: 'regular', startsOn: '', startsTime: '', place: '', chair: '', attendeeIds: [] }}>
        {(form) => (
          <section className="nv-card nv-fields">
            <TextField form={form} name="title" label="Nội dung cuộc họp" required rows={2} />
            <SelectField form={form} name="kind" label="Loại họp" required size="third" choices={choicesOf(meetingKindWords)} hint={form.values['kind'] === 'urgent' ? 'Gửi ngay, kể cả ngoài giờ; chưa xác nhận thì nhắc lại.' : ''} />
            <DayField form={form} name="startsOn" label="Ngày họp" required size="third" />
            <TimeField form={form} name="startsTime" label="Giờ họp" required size="third" />
            <TextField form={form} name="place" label="Địa điểm" required size="half" />
            <TextField form={form} name="chair" label="Chủ trì" size="half" />
            <Picker form={form} name="attendeeIds" label="Thành phần dự họp" required placeholder="Gõ tên, chức vụ hoặc cơ quan để tìm" items={people.map((one) => ({ id: one.id, name: one.name, note: `${one.position} · ${agencyOf(one.agencyCode)}` }))} />
            <div className="nv-field">
              <label>Nếu phải gửi qua SMS</label>
              <SmsPreview about={{ about: 'meeting', ...form.values }} />
              <div className="nv-hint">Màn hình khóa của máy có thể bị người khác thấy nên SMS không ghi nội dung họp.</div>
            </div>
          </section>
        )}
      </OfficeForm>
    </>
  );
}

interface MeetingNow {
  title: string;
  startsAt: string;
  startsOn: string;
  startsTime: string;
  place: string;
}

/** "Hoãn họp": a new time, perhaps a new place, and why. */
export function PostponeForm({ record }: ActionProps) {
  const code = record?.id ?? '';
  const { data: meeting, problem } = useLoaded<MeetingNow>(`/admin/api/office/meetings/${code}`);
  return (
    <>
      <Head title={`Hoãn họp ${code}`} crumb={{ to: pageUrl('Meeting', code), words: code }} />
      {meeting ? (
        <OfficeForm url={actionUrl('Meeting', 'postpone', code)} words="Hoãn họp và báo người dự" back={pageUrl('Meeting', code)} initial={{ startsOn: meeting.startsOn, startsTime: meeting.startsTime, place: meeting.place, reason: '' }}>
          {(form) => (
            <section className="nv-card">
              <p className="nv-lead">{meeting.title}</p>
              <p style={{ marginBottom: 14 }}>Lịch hiện nay: <strong>{meeting.startsAt}</strong>, {meeting.place}</p>
              <div className="nv-fields">
                <DayField form={form} name="startsOn" label="Ngày mới" required size="third" />
                <TimeField form={form} name="startsTime" label="Giờ mới" required size="third" />
                <TextField form={form} name="place" label="Địa điểm" size="third" />
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
