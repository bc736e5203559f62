import type { ActionProps } from 'adminjs';
import { meetingKindWords } from '../locale/words.js';
import { actionUrl } from './api.js';
import { choicesOf, OfficeForm, SelectField, TextField, TimeField, type Form } from './form.js';
import { ChairField, MeetingDay, usePeople } from './meeting-fields.js';
import { Head } from './parts.js';
import { Picker, type Item } from './picker.js';
import { SmsPreview } from './sms-preview.js';
import { RecordForm } from './record-form.js';

/** "Triệu tập họp". */
export function CallMeetingForm({ resource }: ActionProps) {
  const { people, items } = usePeople();
  return (
    <>
      <Head title="Triệu tập họp" crumb={{ to: '/admin/resources/Meeting', words: 'Cuộc họp' }} />
      <OfficeForm url={actionUrl(resource.id, 'call')} words="Triệu tập họp" back="/admin/resources/Meeting" initial={{ title: '', kind: 'regular', startsOn: '', startsTime: '', place: '', chair: '', chairId: '', chairInWords: false, attendeeIds: [], acceptDayOff: false }}>
        {(form) => (
          <section className="nv-card nv-fields">
            <TextField form={form} name="title" label="Nội dung cuộc họp" required rows={2} />
            <SelectField form={form} name="kind" label="Loại họp" required size="third" choices={choicesOf(meetingKindWords)} hint={form.values['kind'] === 'urgent' ? 'Gửi ngay, kể cả ngoài giờ; chưa xác nhận thì nhắc lại.' : ''} />
            <MeetingDay form={form} label="Ngày họp" />
            <TimeField form={form} name="startsTime" label="Giờ họp" required size="third" />
            <TextField form={form} name="place" label="Địa điểm" required size="half" />
            <ChairField form={form} people={people} />
            <Picker form={form} name="attendeeIds" label="Thành phần dự họp" required placeholder="Gõ tên, chức vụ hoặc cơ quan để tìm" items={items} />
            <div className="nv-field">
              <div className="label">Nếu phải gửi qua SMS</div>
              <SmsPreview about={{ about: 'meeting', ...form.values }} />
              <div className="nv-hint">Đúng tin SMS sẽ gửi cho người có chức danh dài nhất. SMS họp ghi cả nội dung và hiện trên màn hình khóa của máy: không nêu việc mật trong nội dung cuộc họp.</div>
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
  chair: string;
  chairId: string;
  edition: number;
  board: { personId: string; name: string; position: string }[];
}

/** "Đổi giờ, địa điểm": a new time, a new place, or both, and why. */
export function PostponeForm({ record }: ActionProps) {
  const code = record?.id ?? '';
  return (
    <RecordForm<MeetingNow> title={`Đổi giờ, địa điểm họp ${code}`} about={{ resource: 'Meeting', id: code, words: code }} from={`/admin/api/office/meetings/${code}`} action="postpone" words="Đổi lịch và báo người dự" initial={(meeting) => ({ startsOn: meeting.startsOn, startsTime: meeting.startsTime, place: meeting.place, reason: '', edition: meeting.edition, acceptDayOff: false })}>
      {(form, meeting) => (
        <section className="nv-card">
          <p className="nv-lead">{meeting.title}</p>
          <p style={{ marginBottom: 14 }}>Lịch hiện nay: <strong>{meeting.startsAt}</strong>, {meeting.place}</p>
          <div className="nv-fields">
            <MeetingDay form={form} label="Ngày họp" />
            <TimeField form={form} name="startsTime" label="Giờ họp" required size="third" />
            <TextField form={form} name="place" label="Địa điểm" size="third" />
            <TextField form={form} name="reason" label="Lý do" required rows={3} />
          </div>
          <p className="nv-hint" data-testid="what-changes">{whatChanges(form, meeting)}</p>
        </section>
      )}
    </RecordForm>
  );
}

/** What people will be told, before it is sent. */
function whatChanges({ values }: Form, meeting: MeetingNow): string {
  const [was, now] = [`${meeting.startsOn} ${meeting.startsTime}`, `${String(values['startsOn'])} ${String(values['startsTime'])}`];
  const place = String(values['place']).trim();
  const when = was === now ? '' : now > was ? 'hoãn họp' : 'đổi giờ họp sớm hơn';
  const what = [when, place !== '' && place !== meeting.place ? 'đổi địa điểm' : ''].filter(Boolean).join(', ');
  return what ? `Người dự sẽ được báo: ${what}. Mọi người phải xác nhận lại.` : 'Chưa có thay đổi: đề nghị sửa giờ họp hoặc địa điểm.';
}

/** "Thành phần": who is invited by now, and who presides. */
export function PeopleForm({ record }: ActionProps) {
  const code = record?.id ?? '';
  const { people, items } = usePeople();
  return (
    <RecordForm<MeetingNow> title={`Thành phần họp ${code}`} about={{ resource: 'Meeting', id: code, words: code }} from={`/admin/api/office/meetings/${code}`} action="people" words="Ghi và báo những người liên quan" initial={(meeting) => ({ attendeeIds: meeting.board.map(({ personId }) => personId), chair: meeting.chair, chairId: meeting.chairId, chairInWords: meeting.chair !== '' && meeting.chairId === '', reason: '', edition: meeting.edition })}>
      {(form, meeting) => (
        <section className="nv-card">
          <p className="nv-lead">{meeting.title}</p>
          <p style={{ marginBottom: 14 }}><strong>{meeting.startsAt}</strong>, {meeting.place}</p>
          <div className="nv-fields">
            <Picker form={form} name="attendeeIds" label="Thành phần dự họp" required placeholder="Gõ tên, chức vụ hoặc cơ quan để tìm" items={withListed(items, meeting)} />
            <ChairField form={form} people={people} />
            <TextField form={form} name="reason" label="Lý do" size="half" hint="Người không phải dự nữa, người thôi chủ trì đọc được." />
          </div>
          <ListChanges form={form} meeting={meeting} items={items} />
        </section>
      )}
    </RecordForm>
  );
}

/** People on the list who cannot be picked any more still stand there by name. */
const withListed = (items: Item[], { board }: MeetingNow): Item[] => [...items, ...board.filter(({ personId }) => !items.some(({ id }) => id === personId)).map(({ personId, name, position }) => ({ id: personId, name, note: position }))];

/** Who will be told what, before it is sent. */
function ListChanges({ form, meeting, items }: { form: Form; meeting: MeetingNow; items: Item[] }) {
  const chosen = (form.values['attendeeIds'] as string[] | undefined) ?? [];
  const chair = String(form.values['chairId'] ?? '');
  const presides = String(form.values['chair'] ?? '');
  const added = items.filter(({ id }) => (chosen.includes(id) || id === chair) && !meeting.board.some(({ personId }) => personId === id));
  const removed = meeting.board.filter(({ personId }) => !chosen.includes(personId) && personId !== chair);
  const names = (all: { name: string }[]) => all.map(({ name }) => name).join(', ');
  return (
    <div data-testid="list-changes" style={{ marginTop: 14 }}>
      {added.length > 0 ? <p>Mời thêm: <strong>{names(added)}</strong></p> : null}
      {removed.length > 0 ? <p>Không phải dự nữa: <strong>{names(removed)}</strong> <span className="nv-muted">(ai đã được mời thì được báo)</span></p> : null}
      {presides === meeting.chair ? null : <p>Chủ trì: <strong>{presides || 'không ghi'}</strong> <span className="nv-muted">(ai đã được mời thì nhận một tin báo)</span></p>}
      {added.length + removed.length === 0 ? <p className="nv-muted">Chưa thêm, bớt ai.</p> : null}
    </div>
  );
}
