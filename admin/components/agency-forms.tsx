import type { ActionProps } from 'adminjs';
import type { AgencyDetail } from './agency-page.js';
import { agencyTypeWords } from '../locale/words.js';
import { actionUrl } from './api.js';
import { CheckField, choicesOf, OfficeForm, SelectField, TextField, type Form } from './form.js';
import { HoursFields, HoursHint } from './hours-fields.js';
import { useLookups, type AgencyChoice } from './lookups.js';
import { Head } from './parts.js';
import { agencyChoices } from './people-forms.js';
import { RecordForm } from './record-form.js';

/** What both forms ask; `self` is the agency being edited. */
function Fields({ form, self }: { form: Form; self?: AgencyDetail }) {
  const { agencies } = useLookups(true);
  return (
    <>
      <SelectField form={form} name="type" label="Loại" required size="third" choices={kindChoices(self?.type)} hint={self && ALWAYS_THERE.includes(self.type) ? 'UBND tỉnh và Văn phòng giữ nguyên loại' : ''} />
      <SelectField form={form} name="parentCode" label="Trực thuộc" size="third" blank="Không" choices={parentChoices(agencies, self)} />
      <TextField form={form} name="name" label="Tên cơ quan, đơn vị" required />
      <TextField form={form} name="shortName" label="Tên gọi tắt" size="third" placeholder="Sở NN&MT" hint="Dùng trên biểu đồ; để trống thì dùng tên đầy đủ" />
      <TextField form={form} name="symbol" label="Ký hiệu trong văn bản" size="third" placeholder="SNNMT" />
      <TextField form={form} name="order" label="Thứ tự trong danh sách" size="third" inputMode="numeric" hint="Để trống thì theo thứ tự chung" />
      <TextField form={form} name="email" label="Hộp thư" size="half" type="email" hint="Nơi nhận bản sao qua thư điện tử" />
      <TextField form={form} name="phone" label="Điện thoại" size="half" type="tel" placeholder="0214 3840 888" hint="Để gọi; hệ thống không nhắn tin tới số này" />
      <CheckField form={form} name="remote" label="Vùng sâu, vùng xa" hint="Một số thời hạn theo luật ở đây dài hơn." />
    </>
  );
}

/** "Thêm cơ quan". */
export function AgencyForm({ resource }: ActionProps) {
  return (
    <>
      <Head title="Thêm cơ quan, đơn vị" crumb={{ to: '/admin/resources/Agency', words: 'Cơ quan, đơn vị' }} />
      <OfficeForm url={actionUrl(resource.id, 'add')} words="Thêm" back="/admin/resources/Agency" initial={{ code: '', name: '', shortName: '', type: 'department', parentCode: '', symbol: '', email: '', phone: '', order: '', remote: false }}>
        {(form) => (
          <section className="nv-card nv-fields">
            <TextField form={form} name="code" label="Mã" required size="third" hint="Mã chính thức, không trùng, không đổi được về sau" />
            <Fields form={form} />
          </section>
        )}
      </OfficeForm>
    </>
  );
}

/** "Sửa thông tin" of an agency: all but the code, by which everything sent and recorded names it. */
export function EditAgencyForm({ record }: ActionProps) {
  const id = record?.id ?? '';
  return (
    <RecordForm<AgencyDetail> title="Sửa thông tin cơ quan" about={{ resource: 'Agency', id: id, words: record?.title ?? '' }} from={`/admin/api/office/agencies/${id}`} action="change" words="Ghi" initial={(agency) => valuesOf(agency)}>
      {(form, agency) => (
        <>
          <section className="nv-card">
            <p className="nv-muted" style={{ marginBottom: 12 }}>Mã {agency.code}: nhiệm vụ, tin đã gửi và nhật ký đều ghi theo mã này nên không đổi được; đặt mã hiển thị nếu cần tên viết tắt khác.</p>
            <div className="nv-fields">
              <TextField form={form} name="abbreviation" label="Mã hiển thị" size="third" placeholder={agency.code} hint="Hiện thay cho mã gốc; không trùng cơ quan khác" />
              <Fields form={form} self={agency} />
            </div>
          </section>
          <fieldset className="nv-card" style={{ marginTop: 16 }}>
            <legend>Giờ gửi thư tới hộp thư cơ quan</legend>
            <div className="nv-fields"><HoursFields form={form} /></div>
            <HoursHint />
          </fieldset>
          <section className="nv-card" style={{ marginTop: 16 }}>
            <CheckField form={form} name="active" label="Đang hoạt động" />
            {agency.active && form.values['active'] !== true ? <Stopping agency={agency} /> : null}
          </section>
        </>
      )}
    </RecordForm>
  );
}

const valuesOf = ({ rev, name, type, parentCode, shortName, symbol, abbreviation, email, phone, order, remote, active, digestAt, quietFrom, quietTo }: AgencyDetail) => ({
  rev, name, type, parentCode, shortName, symbol, abbreviation, email, phone, order, remote, active, digestAt, quietFrom, quietTo,
});

/** Kinds an agency keeps, and no other one takes (people/agencies/change-agency.ts). */
const ALWAYS_THERE: readonly string[] = ['province', 'office'];

const kindChoices = (now: string | undefined) =>
  choicesOf(agencyTypeWords).filter(({ value }) => now === undefined || value === now || !(ALWAYS_THERE.includes(now) || ALWAYS_THERE.includes(value)));

/** Agencies it may stand under; the one it stands under now too, where that has stopped since. */
const parentChoices = (agencies: AgencyChoice[], self: AgencyDetail | undefined) => {
  const others = agencyChoices(agencies).filter(({ value }) => value !== self?.code);
  return self?.parentCode && !others.some(({ value }) => value === self.parentCode) ? [{ value: self.parentCode, label: self.parent }, ...others] : others;
};

/** What an agency that stops leaves behind, before it is written down. */
const Stopping = ({ agency }: { agency: AgencyDetail }) => (
  <div className="nv-told warn" role="status">
    <p>Ngừng hoạt động: không giao nhiệm vụ mới, không thêm cán bộ, không gửi thư tới hộp thư cơ quan nữa. Những gì đã ghi vẫn giữ.</p>
    {agency.openTasks > 0 ? <p>Cơ quan còn {agency.openTasks.toLocaleString('vi-VN')} nhiệm vụ đang mở; các nhiệm vụ này vẫn được nhắc tới cán bộ của cơ quan.</p> : null}
    {agency.people.length > 0 ? <p>Cơ quan còn {agency.people.length.toLocaleString('vi-VN')} cán bộ đang công tác; đề nghị chuyển các đồng chí sang cơ quan mới ở mục Cán bộ.</p> : null}
  </div>
);
