import { useNotice } from 'adminjs';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { newNonce, press, type Answer } from './api.js';
import { asLastSeen } from './last-list.js';
import { dayInWords, DayInput, timeFrom } from './day-input.js';

export type Values = Record<string, unknown>;

/** A form in hand: values, errors by path ("tasks.0.content"), and how to change them. */
export interface Form {
  values: Values;
  errors: Record<string, string>;
  /** Changes a value; what was wrong with it is no longer said. */
  set(name: string, value: unknown): void;
  /** Forgets what was wrong at this path. */
  clear(path: string): void;
  /** Before the ids of its fields: a part of a form has its own, or two fields of one name would share a label. */
  prefix?: string;
}

interface OfficeFormProps {
  /** Address of the action. */
  url: string;
  initial: Values;
  /** Words on the button. */
  words: string;
  /** Where "Thôi" leads. */
  back: string;
  danger?: boolean;
  onDone?: (answer: Answer) => void;
  children: (form: Form) => ReactNode;
}

/** Sends a form to an office action. Errors appear beside their fields; the nonce lives as long as the form. */
export function OfficeForm({ url, initial, words, back, danger = false, onDone, children }: OfficeFormProps) {
  const [values, setValues] = useState<Values>(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [nonce, setNonce] = useState(newNonce);
  const addNotice = useNotice();
  const navigate = useNavigate();
  const [ask, setAsk] = useState<Answer['ask']>();
  const form = useRef<HTMLFormElement>(null);
  // What a refusal says as a whole stands in the form as long as something in it is wrong: a passing notice would outlive the mistake.
  const [refusal, setRefusal] = useState('');
  const [stale, setStale] = useState('');
  // Told once per refusal, not while the others are being mended.
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [refusals]);
  const send = async (confirmed: Values = {}) => {
    setBusy(true);
    const answer = await press(url, { ...values, ...confirmed, nonce });
    setBusy(false);
    const wrong = !answer.ask && Object.keys(answer.errors ?? {}).length > 0;
    setErrors(answer.errors ?? {});
    setAsk(answer.ask);
    setStale(answer.stale ? (answer.notice?.message ?? '') : '');
    setRefusal(wrong ? (answer.notice?.message ?? '') : '');
    if (wrong) setRefusals((n) => n + 1);
    if (answer.notice && !answer.ask && !wrong && !answer.stale) addNotice(answer.notice);
    if (answer.notice?.type !== 'success') return;
    setNonce(newNonce());
    onDone?.(answer);
    // In place of the form: the way back must not lead to a deed that is done, and perhaps not possible any more.
    if (answer.redirectUrl) navigate(answer.redirectUrl, { replace: true });
  };
  const clear = (path: string) => {
    setAsk(undefined);
    setErrors((now) => (path in now ? Object.fromEntries(Object.entries(now).filter(([one]) => one !== path)) : now));
  };
  const set = (name: string, value: unknown) => {
    clear(name);
    setValues((now) => ({ ...now, [name]: value }));
  };
  return (
    <form ref={form} className="nv-form" noValidate onSubmit={(event) => { event.preventDefault(); if (!busy) void send(); }}>
      {children({ values, errors, set, clear })}
      {ask ? (
        <div className="nv-ask" role="alertdialog" aria-label={ask.question}>
          <strong>{ask.question}</strong>
          <button type="button" className="nv-button" disabled={busy} onClick={() => void send({ [ask.field]: true })}>
            {ask.words}
          </button>
        </div>
      ) : null}
      {refusal && Object.keys(errors).length > 0 ? <p className="nv-alert nv-refusal" role="alert">{refusal}</p> : null}
      {stale ? <Stale words={stale} /> : null}
      <div className="nv-submit">
        <button type="submit" className={`nv-button ${danger ? 'danger' : 'primary'}`} disabled={busy || stale !== ''}>
          {busy ? 'Đang gửi…' : words}
        </button>
        <Link className="nv-button" to={asLastSeen(back)}>
          Thôi
        </Link>
      </div>
    </form>
  );
}

/** Somebody was quicker: pressing again would be refused again, loading again shows what they did. */
const Stale = ({ words }: { words: string }) => (
  <div className="nv-alert nv-refusal" role="alert" data-testid="stale">
    <p>{words} Màn hình này còn số liệu cũ: đề nghị tải lại trang để xem số liệu mới; nội dung đang nhập sẽ mất.</p>
    <button type="button" className="nv-button" style={{ marginTop: 8 }} onClick={() => window.location.reload()}>Tải lại trang</button>
  </div>
);

interface FieldProps {
  form: Form;
  name: string;
  label: string;
  required?: boolean;
  size?: 'half' | 'third';
  hint?: ReactNode;
}

/** Label, star where required, the control, and what is wrong with it. */
export function Field({ form, name, label, required = false, size, hint, children }: FieldProps & { children: (props: { id: string; 'aria-invalid': boolean; 'aria-describedby': string }) => ReactNode }) {
  const error = form.errors[name];
  const id = `field-${form.prefix ?? ''}${name}`;
  return (
    <div className={`nv-field ${size ?? ''}`}>
      <label htmlFor={id}>
        {label}
        {required ? <span className="star" title="bắt buộc">*</span> : null}
      </label>
      {children({ id, 'aria-invalid': Boolean(error), 'aria-describedby': `${id}-error` })}
      {hint ? <div className="nv-hint">{hint}</div> : null}
      <div id={`${id}-error`} className="error" role={error ? 'alert' : undefined}>
        {error ? sentence(error) : ''}
      </div>
    </div>
  );
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const valueOf = (form: Form, name: string): string => (typeof form.values[name] === 'string' ? (form.values[name] as string) : '');

export function TextField({ rows, type = 'text', placeholder, autoComplete, list, inputMode, ...field }: FieldProps & { rows?: number; type?: string; placeholder?: string; autoComplete?: string; list?: string[]; inputMode?: 'numeric' }) {
  const { form, name } = field;
  const common = { className: 'nv-input', name, value: valueOf(form, name), placeholder, onChange: (event: { target: { value: string } }) => form.set(name, event.target.value) };
  return (
    <Field {...field}>
      {(props) => (
        <>
          {rows ? <textarea {...props} {...common} rows={rows} /> : <input {...props} {...common} type={type} inputMode={inputMode} autoComplete={autoComplete ?? 'off'} list={list ? `${props.id}-list` : undefined} />}
          {list ? <datalist id={`${props.id}-list`}>{list.map((one) => <option key={one} value={one} />)}</datalist> : null}
        </>
      )}
    </Field>
  );
}

export function SelectField({ choices, blank, ...field }: FieldProps & { choices: { value: string; label: string }[]; blank?: string }) {
  const { form, name } = field;
  return (
    <Field {...field}>
      {(props) => (
        <select {...props} className="nv-input" name={name} value={valueOf(form, name)} onChange={(event) => form.set(name, event.target.value)}>
          {blank === undefined ? null : <option value="">{blank}</option>}
          {choices.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A day, with the weekday below, or what the day means where that is known (`explained`): it tells that the right day was meant. */
export function DayField({ explained, ...field }: FieldProps & { explained?: string }) {
  const { form, name, label } = field;
  const value = valueOf(form, name);
  return (
    <Field {...field} hint={explained || dayInWords(value) || field.hint}>
      {(props) => <DayInput {...props} name={name} label={label} value={value} set={(day) => form.set(name, day)} />}
    </Field>
  );
}

/** An hour on the 24-hour clock: "14:00", also typed as 14, 14h, 14h30, 1430. */
export function TimeField(field: FieldProps) {
  const { form, name } = field;
  return (
    <Field {...field}>
      {(props) => <input {...props} className="nv-input" name={name} inputMode="numeric" autoComplete="off" placeholder="14:00" value={valueOf(form, name)} onChange={(event) => form.set(name, event.target.value)} onBlur={(event) => form.set(name, timeFrom(event.target.value))} />}
    </Field>
  );
}

export function CheckField({ form, name, label, hint, size }: Omit<FieldProps, 'required'>) {
  return (
    <div className={`nv-field ${size ?? ''}`}>
      <label className="nv-check">
        <input type="checkbox" name={name} checked={form.values[name] === true} onChange={(event) => form.set(name, event.target.checked)} />
        {label}
      </label>
      {hint ? <div className="nv-hint">{hint}</div> : null}
    </div>
  );
}

/** Words to a list of choices. */
export const choicesOf = (words: Readonly<Record<string, string>>): { value: string; label: string }[] => Object.entries(words).map(([value, label]) => ({ value, label }));

/** A part of a form seen as a form of its own: names are looked up under `prefix`. */
export const partOf = (form: Form, prefix: string, values: Values, change: (values: Values) => void): Form => ({
  values,
  errors: Object.fromEntries(Object.entries(form.errors).filter(([path]) => path.startsWith(`${prefix}.`)).map(([path, message]) => [path.slice(prefix.length + 1), message])),
  set: (name, value) => {
    form.clear(`${prefix}.${name}`);
    change({ ...values, [name]: value });
  },
  clear: (path) => form.clear(`${prefix}.${path}`),
  prefix: `${form.prefix ?? ''}${prefix}.`,
});
