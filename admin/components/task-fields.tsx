import { useEffect, useState } from 'react';
import { WITHOUT_PEOPLE } from '../locale/words.js';
import { getJson } from './api.js';
import { DayField, SelectField, TextField, TimeField, type Form } from './form.js';
import type { AgencyChoice, PersonChoice } from './lookups.js';
import { Picker } from './picker.js';

export const newTask = { content: '', leadAgencyCode: '', coordinatingAgencyCodes: [], officerId: '', monitorId: '', leaderId: '', dueMode: 'day', dueOn: '', dueTime: '' };

const dueModes = [
  { value: 'day', label: 'Theo ngày' },
  { value: 'hour', label: 'Theo giờ' },
  { value: 'none', label: 'Không hạn' },
];

/** A deadline: by day, by hour, or none. */
export function DueFields({ form, mayBeNone }: { form: Form; mayBeNone: boolean }) {
  // The use case speaks of dueAt; people see the two fields it is made of.
  const shown = {
    ...form,
    errors: form.errors['dueAt'] ? { ...form.errors, dueOn: form.errors['dueAt'] } : form.errors,
    set: (name: string, value: unknown) => {
      form.clear('dueAt');
      form.set(name, value);
    },
  };
  const explained = useDueWords(String(form.values['dueOn'] ?? ''), form.values['dueMode'] === 'hour');
  const mode = form.values['dueMode'];
  return (
    <>
      <SelectField form={form} name="dueMode" label="Hạn xử lý" required size="third" choices={mayBeNone ? dueModes : dueModes.slice(0, 2)} />
      {mode === 'none' ? null : <DayField form={shown} name="dueOn" label="Ngày" required size="third" explained={explained} />}
      {mode === 'hour' ? <TimeField form={shown} name="dueTime" label="Giờ" required size="third" /> : null}
    </>
  );
}

/** What a day means as a deadline: a day off runs on to the next working day, a day that is over is said to be. */
function useDueWords(on: string, byHour: boolean): string {
  const [words, setWords] = useState({ on: '', words: '' });
  useEffect(() => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(on)) return;
    let wanted = true;
    getJson<{ words: string }>(`/admin/api/office/due?on=${on}&byHour=${byHour}`).then((answer) => wanted && setWords({ on, words: answer.words }), () => undefined);
    return () => {
      wanted = false;
    };
  }, [on, byHour]);
  return words.on === on ? words.words : '';
}

/** The fields of one task. */
export function TaskFields({ form, agencies, people }: { form: Form; agencies: AgencyChoice[]; people: PersonChoice[] }) {
  const lead = String(form.values['leadAgencyCode'] ?? '');
  const person = ({ id, name, position }: PersonChoice) => ({ value: id, label: `${name}, ${position}` });
  const officers = people.filter((one) => one.agencyCode === lead && one.roles.includes('officer'));
  const office = people.filter((one) => one.roles.includes('office'));
  const coordinating = (form.values['coordinatingAgencyCodes'] as string[] | undefined) ?? [];
  const unreached = agencies.filter(({ code, reached }) => reached === false && (code === lead || coordinating.includes(code)));
  const leaders = people.filter((one) => one.roles.includes('leader') && ['UBND', 'VP'].includes(one.agencyCode));
  return (
    <div className="nv-fields">
      <TextField form={form} name="content" label="Nội dung nhiệm vụ" required rows={3} />
      <SelectField form={form} name="leadAgencyCode" label="Cơ quan chủ trì" required size="half" blank="Chọn cơ quan" choices={agencies.map(({ code, name }) => ({ value: code, label: name }))} />
      <SelectField form={form} name="officerId" label="Đầu mối xử lý" size="half" blank="Tất cả đầu mối của cơ quan" choices={officers.map(person)} />
      <DueFields form={form} mayBeNone />
      <SelectField form={form} name="monitorId" label="Chuyên viên theo dõi" size="half" blank="Không chỉ định" choices={office.map(person)} />
      <SelectField form={form} name="leaderId" label="Lãnh đạo giao" size="half" blank="Không chỉ định" choices={leaders.map(person)} />
      <Picker form={form} name="coordinatingAgencyCodes" label="Cơ quan phối hợp" hint="Được báo một lần để biết và phối hợp; lời nhắc sau đó chỉ gửi cơ quan chủ trì." placeholder="Gõ tên cơ quan để tìm" items={agencies.filter(({ code }) => code !== lead).map(({ code, name }) => ({ id: code, name, note: '' }))} />
      {unreached.length > 0 ? <p className="nv-field nv-alert" role="alert" data-testid="unreached">{unreached.map(({ name }) => name).join(', ')} {WITHOUT_PEOPLE}: giao được, nhưng không ai ở đó nhận được tin.</p> : null}
    </div>
  );
}
