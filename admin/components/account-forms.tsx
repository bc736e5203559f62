import { useNotice, type ActionProps } from 'adminjs';
import { useState } from 'react';
import { accountRoleWords } from '../locale/words.js';
import { actionUrl, newNonce, pageUrl, press } from './api.js';
import { choicesOf, OfficeForm, SelectField, TextField, type Form } from './form.js';
import { useLookups, type PersonChoice } from './lookups.js';
import { Head } from './parts.js';
import { agencyChoices } from './people-forms.js';
import { RecordForm } from './record-form.js';

const personChoices = (people: PersonChoice[]) => people.map(({ id, name, position }) => ({ value: id, label: `${name}, ${position}` }));

function AccountFields({ form, agencies, people }: { form: Form } & ReturnType<typeof useLookups>) {
  return (
    <>
      <TextField form={form} name="name" label="Tên người dùng" required size="half" />
      <SelectField form={form} name="role" label="Vai trò" required size="half" choices={choicesOf(accountRoleWords)} />
      <SelectField form={form} name="agencyCode" label="Cơ quan" required={form.values['role'] === 'agency'} size="half" blank="Không" choices={agencyChoices(agencies)} />
      <SelectField form={form} name="personId" label="Là cán bộ" size="half" blank="Không chỉ định" choices={personChoices(people)} hint="Cán bộ nghỉ việc thì tài khoản này cũng không đăng nhập được." />
    </>
  );
}

/** "Tạo tài khoản". */
export function AccountForm({ resource }: ActionProps) {
  const lookups = useLookups(true);
  return (
    <>
      <Head title="Tạo tài khoản" crumb={{ to: '/admin/resources/Account', words: 'Tài khoản' }} />
      <OfficeForm url={actionUrl(resource.id, 'add')} words="Tạo tài khoản" back="/admin/resources/Account" initial={{ email: '', name: '', role: 'office', agencyCode: '', personId: '', password: '' }}>
        {(form) => (
          <section className="nv-card nv-fields">
            <TextField form={form} name="email" label="Thư điện tử" required size="half" type="email" />
            <TextField form={form} name="password" label="Mật khẩu" required size="half" type="password" autoComplete="new-password" hint="Ít nhất 10 ký tự" />
            <AccountFields form={form} {...lookups} />
          </section>
        )}
      </OfficeForm>
    </>
  );
}

interface AccountNow {
  email: string;
  name: string;
  role: string;
  agencyCode: string;
  personId: string;
}

/** "Sửa tài khoản": all but the e-mail, which is its name in the record. */
export function EditAccountForm({ record }: ActionProps) {
  const lookups = useLookups(true);
  const id = record?.id ?? '';
  return (
    <RecordForm<AccountNow> title="Sửa tài khoản" about={{ resource: 'Account', id: id, words: record?.title ?? '' }} from={`/admin/api/office/accounts/${id}`} action="change" words="Ghi" initial={(data) => ({ ...data })}>
      {(form, data) => (
        <section className="nv-card">
          <p className="nv-lead">{data.email}</p>
          <div className="nv-fields"><AccountFields form={form} {...lookups} /></div>
        </section>
      )}
    </RecordForm>
  );
}

/** "Cấp lại mật khẩu": the new password is on this screen once; leaving the page forgets it. */
export function ResetPasswordPage({ resource, record }: ActionProps) {
  const [password, setPassword] = useState<string>();
  const [busy, setBusy] = useState(false);
  const addNotice = useNotice();
  const id = record?.id ?? '';
  const reset = async () => {
    setBusy(true);
    const answer = await press(actionUrl(resource.id, 'resetPassword', id), { nonce: newNonce() });
    setBusy(false);
    if (typeof answer.result?.['password'] === 'string') setPassword(answer.result['password']);
    else if (answer.notice) addNotice(answer.notice);
  };
  return (
    <>
      <Head title="Cấp lại mật khẩu" crumb={{ to: pageUrl('Account', id), words: record?.title ?? '' }} />
      <section className="nv-card" style={{ maxWidth: 680 }}>
        <p style={{ marginBottom: 10 }}>
          Mật khẩu đang dùng của <strong>{record?.title}</strong> hết hiệu lực ngay, các phiên đang mở kết thúc. Lần đăng nhập tới, hệ thống đề nghị đổi mật khẩu.
        </p>
        {password ? (
          <>
            <div className="nv-secret" data-testid="new-password">{password}</div>
            <p>Mật khẩu chỉ hiện một lần, đề nghị chuyển ngay cho đúng người.</p>
          </>
        ) : null}
        <div className="nv-submit" style={{ marginTop: 12 }}>
          <button type="button" className={`nv-button ${password ? '' : 'primary'}`} disabled={busy} onClick={() => void reset()}>
            {password ? 'Cấp lại lần nữa' : 'Cấp lại mật khẩu'}
          </button>
        </div>
      </section>
    </>
  );
}

/** "Đổi mật khẩu" of the own login; also where a password given by the administrator leads to. */
export function PasswordPage() {
  return (
    <main className="nv-page">
      <Head title="Đổi mật khẩu" />
      <OfficeForm url="/admin/api/office/password" words="Đổi mật khẩu" back="/admin" initial={{ current: '', next: '', again: '' }}>
        {(form) => (
          <section className="nv-card nv-fields">
            <TextField form={form} name="current" label="Mật khẩu đang dùng" required size="half" type="password" autoComplete="current-password" hint="Nếu vừa được quản trị cấp mật khẩu thì nhập mật khẩu đó." />
            <div className="nv-field half" />
            <TextField form={form} name="next" label="Mật khẩu mới" required size="half" type="password" autoComplete="new-password" hint="Ít nhất 10 ký tự" />
            <TextField form={form} name="again" label="Nhập lại mật khẩu mới" required size="half" type="password" autoComplete="new-password" />
          </section>
        )}
      </OfficeForm>
    </main>
  );
}
