import { useId, useState } from 'react';
import type { Form } from './form.js';
import { matches } from './lookups.js';

export interface Item {
  id: string;
  name: string;
  note: string;
}

/** Chooses several from a list by typing (diacritics do not matter) and ticking. */
export function Picker({ form, name, label, items, required = false, placeholder, hint }: { form: Form; name: string; label: string; items: Item[]; required?: boolean; placeholder: string; hint?: string }) {
  const [typed, setTyped] = useState('');
  const inputId = useId();
  const chosen = (form.values[name] as string[] | undefined) ?? [];
  const shown = items.filter((item) => matches(typed, item.name, item.note));
  const toggle = (id: string) => form.set(name, chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const addShown = () => form.set(name, [...new Set([...chosen, ...shown.map(({ id }) => id)])]);
  const error = form.errors[name];
  return (
    <div className="nv-field">
      <label htmlFor={inputId}>
        {label}
        {required ? <span className="star" title="bắt buộc">*</span> : null}
      </label>
      <div className="nv-picker" data-testid={`picker-${name}`}>
        <input id={inputId} className="nv-input" type="search" aria-invalid={Boolean(error)} aria-describedby={`${inputId}-error`} placeholder={placeholder} value={typed} onChange={(event) => setTyped(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()} />
        <ul>
          {shown.slice(0, 200).map((item) => (
            <li key={item.id}>
              <label>
                <input type="checkbox" checked={chosen.includes(item.id)} onChange={() => toggle(item.id)} />
                <span>{item.name}<span className="nv-note">{item.note}</span></span>
              </label>
            </li>
          ))}
          {shown.length === 0 ? <li className="nv-muted" style={{ padding: 8 }}>Không có kết quả.</li> : null}
        </ul>
        {typed && shown.length > 1 ? <div style={{ padding: '0 8px 8px' }}><button type="button" className="nv-button small" onClick={addShown}>Chọn cả {shown.length} kết quả</button></div> : null}
        {chosen.length > 0 ? (
          <div className="nv-chips" aria-label="Đã chọn">
            {chosen.map((id) => (
              <button key={id} type="button" className="nv-chip" title="Bỏ chọn" onClick={() => toggle(id)}>
                {items.find((item) => item.id === id)?.name ?? id} ×
              </button>
            ))}
          </div>
        ) : null}
      </div>
      {hint ? <div className="nv-hint">{hint}</div> : null}
      <div id={`${inputId}-error`} className="error" role={error ? 'alert' : undefined}>{error ? error.charAt(0).toUpperCase() + error.slice(1) : ''}</div>
    </div>
  );
}
