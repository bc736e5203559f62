import { TimeField, type Form } from './form.js';

/** Own hours of a person, or of an agency's mailbox (actions/hours-form.ts). */
export const HoursFields = ({ form }: { form: Form }) => (
  <>
    <TimeField form={form} name="digestAt" label="Giờ nhận bản tổng hợp" size="third" />
    <TimeField form={form} name="quietFrom" label="Yên tĩnh từ" size="third" />
    <TimeField form={form} name="quietTo" label="đến" size="third" />
  </>
);

/** What empty hours mean, and what passes them. */
export const HoursHint = () => <p className="nv-hint" style={{ marginTop: 8 }}>Để trống thì theo quy định chung của Văn phòng. Tin hỏa tốc gửi ngay cả trong giờ yên tĩnh.</p>;

/** The same on a page, as rows of facts. */
export const hoursFacts = ({ digestAt, quiet }: { digestAt: string; quiet: string }): [string, string][] => [
  ['Giờ nhận bản tổng hợp', digestAt || 'Theo giờ chung của Văn phòng'],
  ['Giờ yên tĩnh', quiet || 'Theo giờ chung của Văn phòng'],
];
