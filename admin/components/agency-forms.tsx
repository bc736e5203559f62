import type { ActionProps } from 'adminjs';
import type { AgencyDetail } from './agency-page.js';
import { agencyTypeWords } from '../locale/words.js';
import { actionUrl, pageUrl } from './api.js';
import { CheckField, choicesOf, OfficeForm, SelectField, TextField, type Form } from './form.js';
import { useLookups } from './lookups.js';
import { Head, useLoaded, Waiting } from './parts.js';
import { agencyChoices } from './people-forms.js';

/** What may be changed later too. */
function Fields({ form }: { form: Form }) {
  return (
    <>
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
  const { agencies } = useLookups(true);
  return (
    <>
      <Head title="Thêm cơ quan, đơn vị" crumb={{ to: '/admin/resources/Agency', words: 'Cơ quan, đơn vị' }} />
      <OfficeForm url={actionUrl(resource.id, 'add')} words="Thêm" back="/admin/resources/Agency" initial={{ code: '', name: '', shortName: '', type: 'department', parentCode: '', symbol: '', email: '', phone: '', order: '', remote: false }}>
        {(form) => (
          <section className="nv-card nv-fields">
            <TextField form={form} name="code" label="Mã" required size="third" hint="Mã chính thức, không trùng, không đổi được về sau" />
            <SelectField form={form} name="type" label="Loại" required size="third" choices={choicesOf(agencyTypeWords)} />
            <SelectField form={form} name="parentCode" label="Trực thuộc" size="third" blank="Không" choices={agencyChoices(agencies)} />
            <Fields form={form} />
          </section>
        )}
      </OfficeForm>
    </>
  );
}

/** "Sửa thông tin" of an agency: all but what it is known by in documents already sent. */
export function EditAgencyForm({ resource, record }: ActionProps) {
  const id = record?.id ?? '';
  const { data: agency, problem } = useLoaded<AgencyDetail>(`/admin/api/office/agencies/${id}`);
  return (
    <>
      <Head title="Sửa thông tin cơ quan" crumb={{ to: pageUrl('Agency', id), words: record?.title ?? '' }} />
      {agency ? (
        <OfficeForm url={actionUrl(resource.id, 'change', id)} words="Ghi" back={pageUrl('Agency', id)} initial={valuesOf(agency)}>
          {(form) => (
            <>
              <section className="nv-card">
                <p className="nv-muted" style={{ marginBottom: 12 }}>Mã {agency.code} · {agency.type}{agency.parent ? ` · trực thuộc ${agency.parent}` : ''}</p>
                <div className="nv-fields"><Fields form={form} /></div>
              </section>
              <section className="nv-card" style={{ marginTop: 16 }}>
                <CheckField form={form} name="active" label="Đang hoạt động" />
                {agency.active && form.values['active'] !== true ? <Stopping agency={agency} /> : null}
              </section>
            </>
          )}
        </OfficeForm>
      ) : (
        <Waiting problem={problem} />
      )}
    </>
  );
}

const valuesOf = ({ rev, name, shortName, symbol, email, phone, order, remote, active }: AgencyDetail) => ({ rev, name, shortName, symbol, email, phone, order, remote, active });

/** What an agency that stops leaves behind, before it is written down. */
const Stopping = ({ agency }: { agency: AgencyDetail }) => (
  <div className="nv-told warn" role="status">
    <p>Ngừng hoạt động: không giao nhiệm vụ mới, không thêm cán bộ, không gửi thư tới hộp thư cơ quan nữa. Những gì đã ghi vẫn giữ.</p>
    {agency.openTasks > 0 ? <p>Cơ quan còn {agency.openTasks.toLocaleString('vi-VN')} nhiệm vụ đang mở; các nhiệm vụ này vẫn được nhắc tới cán bộ của cơ quan.</p> : null}
    {agency.people.length > 0 ? <p>Cơ quan còn {agency.people.length.toLocaleString('vi-VN')} cán bộ đang công tác; đề nghị chuyển các đồng chí sang cơ quan mới ở mục Cán bộ.</p> : null}
  </div>
);
