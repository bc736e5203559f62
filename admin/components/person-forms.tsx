import type { ActionProps } from 'adminjs';
import { channelWords, personRoleWords } from '../locale/words.js';
import { choicesOf, DayField, Field, SelectField, TextField, type Form } from './form.js';
import { HoursFields, HoursHint } from './hours-fields.js';
import { useLookups, type PersonChoice } from './lookups.js';
import { agencyChoices } from './people-forms.js';
import type { PersonDetail } from './person-page.js';
import { Picker } from './picker.js';
import { RecordForm } from './record-form.js';

/** Colleagues first: a deputy is mostly one of them. */
const colleagues = (people: PersonChoice[], id: string, agencyCode: string) =>
  people
    .filter((one) => one.id !== id)
    .sort((a, b) => Number(b.agencyCode === agencyCode) - Number(a.agencyCode === agencyCode))
    .map((one) => ({ value: one.id, label: `${one.name}, ${one.position}` }));

const lacksDeputy = ({ values }: Form): boolean => Boolean(values['leaveFrom'] || values['leaveUntil']) && !values['deputyId'];

/** "Sửa thông tin" of a person; another agency is a transfer. */
export function EditPersonForm({ record }: ActionProps) {
  const { agencies, people } = useLookups(true);
  const id = record?.id ?? '';
  return (
    <RecordForm<PersonDetail> title="Sửa thông tin cán bộ" about={{ resource: 'Person', id: id, words: record?.title ?? '' }} from={`/admin/api/office/people/${id}`} action="change" words="Ghi" initial={(person) => valuesOf(person)}>
      {(form, person) => (
        <>
          <section className="nv-card nv-fields">
            <TextField form={form} name="name" label="Họ và tên" required size="half" />
            <TextField form={form} name="position" label="Chức vụ" required size="half" />
            <SelectField form={form} name="agencyCode" label="Cơ quan" required choices={agencyChoices(agencies)} hint={form.values['agencyCode'] === person.agencyCode ? '' : 'Chuyển công tác: nhiệm vụ của cơ quan cũ không còn gửi đến đồng chí này, đề nghị sửa cả chức vụ.'} />
            <TextField form={form} name="phone" label="Điện thoại" size="half" type="tel" placeholder="0912 345 678" hint={form.values['phone'] === person.phone ? '' : 'Số mới phải được xác minh lại trước khi nhắn tin SMS.'} />
            <TextField form={form} name="email" label="Thư điện tử" size="half" type="email" />
            <Picker form={form} name="roles" label="Vai trò" required placeholder="Gõ để tìm" items={choicesOf(personRoleWords).map(({ value, label }) => ({ id: value, name: label, note: '' }))} />
          </section>
          <fieldset className="nv-card">
            <legend>Khi đi vắng</legend>
            <div className="nv-fields">
              <SelectField form={form} name="deputyId" label="Người thay" blank="Không có" choices={colleagues(people, id, person.agencyCode)} hint={<>Nhận thay trong thời gian nghỉ, và khi họp hỏa tốc chưa có xác nhận.{lacksDeputy(form) ? <span className="nv-told warn" role="status" style={{ display: 'block' }}>Đi vắng mà chưa có người thay: tin vẫn chỉ gửi đến đồng chí này. Đề nghị chọn người thay.</span> : null}</>} />
              <DayField form={form} name="leaveFrom" label="Nghỉ từ ngày" size="half" />
              <DayField form={form} name="leaveUntil" label="Đến hết ngày" size="half" />
            </div>
          </fieldset>
          <fieldset className="nv-card">
            <legend>Cách nhận tin</legend>
            <div className="nv-fields">
              <ChannelOrder form={form} />
              <HoursFields form={form} />
            </div>
            <HoursHint />
          </fieldset>
        </>
      )}
    </RecordForm>
  );
}

const valuesOf = ({ rev, name, position, agencyCode, roles, phone, email, deputyId, leaveFrom, leaveUntil, digestAt, quietFrom, quietTo, channelOrder }: PersonDetail) => ({
  rev, name, position, agencyCode, roles, phone, email, deputyId, leaveFrom, leaveUntil, digestAt, quietFrom, quietTo, channelOrder,
});

const PLACES = ['thứ nhất', 'thứ hai', 'thứ ba'];

/** Up to three channels in the person's own order; the rest follow the office's. */
function ChannelOrder({ form }: { form: Form }) {
  const chosen = (form.values['channelOrder'] as string[] | undefined) ?? [];
  const choose = (place: number, channel: string) => {
    const others = chosen.filter((one, at) => at !== place && one !== channel);
    form.set('channelOrder', channel ? [...others.slice(0, place), channel, ...others.slice(place)] : others);
  };
  return (
    <>
      {PLACES.map((words, place) => (
        <Field key={words} form={form} name={place === 0 ? 'channelOrder' : `channelOrder.${place}`} label={`Kênh ưu tiên ${words}`} size="third">
          {(props) => (
            <select {...props} className="nv-input" name={`channelOrder-${place}`} disabled={place > chosen.length} value={chosen[place] ?? ''} onChange={(event) => choose(place, event.target.value)}>
              <option value="">Theo thứ tự chung</option>
              {choicesOf(channelWords).filter(({ value }) => !['web', 'api', 'system', 'phone'].includes(value)).map(({ value, label }) => (
                <option key={value} value={value}>{label}</option>
              ))}
            </select>
          )}
        </Field>
      ))}
    </>
  );
}

/** "Nghỉ việc, chuyển công tác": who takes over. */
export function LeaveServiceForm({ record }: ActionProps) {
  const { people } = useLookups(true);
  const id = record?.id ?? '';
  return (
    <RecordForm<PersonDetail> title="Nghỉ việc, chuyển công tác" about={{ resource: 'Person', id: id, words: record?.title ?? '' }} from={`/admin/api/office/people/${id}`} action="deactivate" words="Ghi không còn công tác" danger initial={(person) => ({ successorId: person.deputyId })}>
      {(form, person) => (
        <section className="nv-card">
          <p className="nv-lead">{person.name}, {person.position}</p>
          <ul className="nv-points">
            <li>Không gửi tin đến đồng chí này nữa; các kênh đã liên kết không dùng được.</li>
            <li>Tài khoản đăng nhập gắn với đồng chí này (nếu có) dừng ngay.</li>
            <li>Nhiệm vụ, báo cáo, lịch họp đã ghi vẫn giữ nguyên. Chuyển sang cơ quan khác trong tỉnh thì dùng “Sửa thông tin” và đổi cơ quan.</li>
          </ul>
          <div className="nv-fields">
            <SelectField form={form} name="successorId" label="Người nhận việc thay" blank="Chưa có" choices={colleagues(people, id, person.agencyCode)} hint="Tin đáng lẽ gửi đồng chí này được gửi đến người nhận việc thay." />
          </div>
        </section>
      )}
    </RecordForm>
  );
}
