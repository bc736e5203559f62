import type { ActionProps } from 'adminjs';
import { templateKindWords, templateSourceWords } from '../locale/words.js';
import { actionUrl } from './api.js';
import { CheckField, choicesOf, OfficeForm, partOf, SelectField, TextField, type Form, type Values } from './form.js';
import { Head, useLoaded, Waiting } from './parts.js';
import { SmsPreview } from './sms-preview.js';

const newParam: Values = { name: '', type: 'STRING', maxLength: '100', from: 'code' };
const typeChoices = choicesOf({ STRING: 'Chữ', NUMBER: 'Số', DATE: 'Ngày' });

/** "Thêm mẫu tin" and "Sửa mẫu tin". */
export function TemplateForm({ resource, record }: ActionProps) {
  return record ? <ChangeForm resourceId={resource.id} id={record.id} /> : <Fields url={actionUrl(resource.id, 'add')} title="Thêm mẫu tin" initial={{ channel: 'zbs', byUid: false, fallbackMinutes: '', templateId: '', kind: 'task-reminder', params: [{ ...newParam }], sample: '', enabled: true }} isNew />;
}

function ChangeForm({ resourceId, id }: { resourceId: string; id: string }) {
  const { data, problem } = useLoaded<Values & { templateId: string }>(`/admin/api/office/zbs-templates/${id}`);
  return data ? <Fields url={actionUrl(resourceId, 'change', id)} title={`Sửa mẫu tin ${data.templateId}`} initial={data} isNew={false} /> : <Waiting problem={problem} />;
}

function Fields({ url, title, initial, isNew }: { url: string; title: string; initial: Values; isNew: boolean }) {
  return (
    <>
      <Head title={title} crumb={{ to: '/admin/resources/ZbsTemplate', words: 'Mẫu tin' }} />
      <OfficeForm url={url} words={isNew ? 'Thêm mẫu tin' : 'Ghi'} back="/admin/resources/ZbsTemplate" initial={initial}>
        {(form) => (
          <>
            <section className="nv-card nv-fields">
              <SelectField form={form} name="channel" label="Kênh" required size="half" choices={choicesOf({ zbs: 'Tin mẫu Zalo (ZBS)', sms: 'SMS (brandname)' })} />
              {isNew ? <TextField form={form} name="templateId" label="Mã mẫu" required size="half" hint={isSms(form) ? 'Dãy số của nhà mạng, eSMS (TempId)' : 'Dãy số ở trang quản lý mẫu của Zalo'} /> : null}
              <SelectField form={form} name="kind" label="Dùng cho loại tin" required size="half" choices={choicesOf(templateKindWords)} />
              <TextField form={form} name="sample" label="Nội dung mẫu đã duyệt" rows={4} hint={isSms(form) ? 'Chép nguyên văn mẫu đã đăng ký; chỗ trống ghi như {P1,20}: tham số P1, tối đa 20 ký tự' : 'Chép nguyên văn để đối chiếu'} />
              {isSms(form) ? null : <CheckField form={form} name="byUid" label="Được duyệt gửi theo tài khoản Zalo (UID)" hint="Cán bộ đã liên kết Zalo OA nhận theo cách này, không cần số điện thoại." />}
              {isSms(form) ? null : <TextField form={form} name="fallbackMinutes" label="Chuyển sang SMS sau (phút)" size="half" placeholder="30" hint="Quá số phút này mà Zalo chưa báo đã tới máy người nhận thì gửi qua kênh kế tiếp. Để trống: 30 phút; tin khẩn: 3 phút, không chờ lâu hơn." />}
              <CheckField form={form} name="enabled" label="Đang dùng" hint="Một loại tin có nhiều mẫu đang dùng thì lấy mẫu ghi sau cùng." />
            </section>
            {isSms(form) ? (
              <section className="nv-card" style={{ marginTop: 16 }}>
                <h2>Xem trước SMS</h2>
                <SmsPreview about={{ about: 'text', text: form.values['sample'] }} />
              </section>
            ) : null}
            <Params form={form} />
          </>
        )}
      </OfficeForm>
    </>
  );
}

const isSms = (form: Form): boolean => form.values['channel'] === 'sms';

/** One row per blank of the template, as Zalo's page lists them. */
function Params({ form }: { form: Form }) {
  const params = (form.values['params'] ?? []) as Values[];
  const put = (next: Values[]) => form.set('params', next);
  return (
    <>
      {form.errors['params'] ? <p className="nv-alert" style={{ marginTop: 16 }}>{form.errors['params']}</p> : null}
      {params.map((param, at) => {
        const part = partOf(form, `params.${at}`, param, (changed) => put(params.map((one, place) => (place === at ? changed : one))));
        return (
          <fieldset className="nv-card" key={at}>
            <legend>Tham số {at + 1}</legend>
            <div className="nv-fields">
              <TextField form={part} name="name" label="Tên trong mẫu" required size="half" placeholder="ten_nhiem_vu" />
              <SelectField form={part} name="from" label="Lấy từ" required size="half" choices={choicesOf(templateSourceWords)} />
              <SelectField form={part} name="type" label="Kiểu" required size="half" choices={typeChoices} />
              <TextField form={part} name="maxLength" label="Độ dài tối đa" required size="half" />
            </div>
            <button type="button" className="nv-button small danger" style={{ marginTop: 10 }} onClick={() => put(params.filter((_one, place) => place !== at))}>
              Bỏ tham số này
            </button>
          </fieldset>
        );
      })}
      <button type="button" className="nv-button" style={{ marginTop: 14 }} onClick={() => put([...params, { ...newParam }])}>
        Thêm tham số
      </button>
    </>
  );
}
