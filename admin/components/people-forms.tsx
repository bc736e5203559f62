import { useNotice, type ActionProps } from 'adminjs';
import { useState } from 'react';
import { calendarKindWords, personRoleWords } from '../locale/words.js';
import { actionUrl, newNonce, pageUrl, press } from './api.js';
import { CheckField, choicesOf, DayField, OfficeForm, SelectField, TextField } from './form.js';
import { useLookups } from './lookups.js';
import { Head } from './parts.js';
import { Picker } from './picker.js';

/** Agencies as the choices of a field. */
export const agencyChoices = (agencies: { code: string; name: string }[]) => agencies.map(({ code, name }) => ({ value: code, label: name }));

/** "Thêm cán bộ". */
export function PersonForm({ resource }: ActionProps) {
  const { agencies } = useLookups(true);
  return (
    <>
      <Head title="Thêm cán bộ" crumb={{ to: '/admin/resources/Person', words: 'Cán bộ' }} />
      <OfficeForm url={actionUrl(resource.id, 'add')} words="Thêm" back="/admin/resources/Person" initial={{ name: '', position: '', agencyCode: '', roles: [], phone: '', email: '' }}>
        {(form) => (
          <section className="nv-card nv-fields">
            <TextField form={form} name="name" label="Họ và tên" required size="half" />
            <TextField form={form} name="position" label="Chức vụ" required size="half" placeholder="Giám đốc Sở Tài chính" />
            <SelectField form={form} name="agencyCode" label="Cơ quan" required blank="Chọn cơ quan" choices={agencyChoices(agencies)} />
            <TextField form={form} name="phone" label="Điện thoại" size="half" type="tel" placeholder="0912 345 678" />
            <TextField form={form} name="email" label="Thư điện tử" size="half" type="email" />
            <Picker form={form} name="roles" label="Vai trò" required placeholder="Gõ để tìm" items={choicesOf(personRoleWords).map(({ value, label }) => ({ id: value, name: label, note: '' }))} />
          </section>
        )}
      </OfficeForm>
    </>
  );
}

interface Issued {
  code: string;
  expires: string;
  telegramUrl: string | null;
}

/** "Cấp mã liên kết": the code is on this screen once; leaving the page forgets it. */
export function LinkCodePage({ resource, record }: ActionProps) {
  const [issued, setIssued] = useState<Issued>();
  const [busy, setBusy] = useState(false);
  const addNotice = useNotice();
  const id = record?.id ?? '';
  const issue = async () => {
    setBusy(true);
    const answer = await press(actionUrl(resource.id, 'linkCode', id), { nonce: newNonce() });
    setBusy(false);
    if (answer.result) setIssued(answer.result as unknown as Issued);
    else if (answer.notice) addNotice(answer.notice);
  };
  return (
    <>
      <Head title="Cấp mã liên kết" crumb={{ to: pageUrl('Person', id), words: record?.title ?? '' }} />
      <section className="nv-card" style={{ maxWidth: 680 }}>
        <p style={{ marginBottom: 10 }}>
          Mã dùng một lần để đồng chí <strong>{record?.title}</strong> nối tài khoản Zalo hoặc Telegram với hệ thống. Cấp mã mới thì mã cũ hết hiệu lực.
        </p>
        {issued ? (
          <>
            <div className="nv-secret" data-testid="link-code">{issued.code}</div>
            <p>Hết hạn lúc {issued.expires}. Mã chỉ hiện một lần, đề nghị chuyển ngay cho đúng người.</p>
            <p style={{ marginTop: 8 }}>Trong chat, gõ: <strong>/lienket {issued.code}</strong></p>
            {issued.telegramUrl ? <p style={{ marginTop: 8 }}>Hoặc mở: <a href={issued.telegramUrl} rel="noreferrer">{issued.telegramUrl}</a></p> : null}
          </>
        ) : null}
        <div className="nv-submit" style={{ marginTop: 12 }}>
          <button type="button" className={`nv-button ${issued ? '' : 'primary'}`} disabled={busy} onClick={() => void issue()}>
            {issued ? 'Cấp mã khác' : 'Cấp mã'}
          </button>
        </div>
      </section>
    </>
  );
}

/** "Thêm ngày nghỉ, làm bù", and the same form for a day already in the calendar. */
export function CalendarDayForm({ resource, record }: ActionProps) {
  const known = record?.params;
  const initial = { on: record?.id ?? '', kind: known?.['kindCode'] ?? 'off', note: known?.['note'] ?? '', provisional: known?.['isProvisional'] === true };
  return (
    <>
      <Head title={record ? record.title : 'Ngày nghỉ, ngày làm bù'} crumb={{ to: '/admin/resources/CalendarDay', words: 'Lịch làm việc' }} />
      <OfficeForm url={record ? actionUrl(resource.id, 'changeDay', record.id) : actionUrl(resource.id, 'setDay')} words="Ghi" back="/admin/resources/CalendarDay" initial={initial}>
        {(form) => (
          <section className="nv-card nv-fields">
            {record ? null : <DayField form={form} name="on" label="Ngày" required size="half" />}
            <SelectField form={form} name="kind" label="Loại ngày" required size="half" choices={choicesOf(calendarKindWords)} />
            <TextField form={form} name="note" label="Ghi chú" required placeholder="Nghỉ lễ, căn cứ thông báo số …" />
            <CheckField form={form} name="provisional" label="Dự kiến, chưa có thông báo chính thức" />
          </section>
        )}
      </OfficeForm>
    </>
  );
}
