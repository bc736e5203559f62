import { useRef, useState } from 'react';

interface DayInputProps {
  id: string;
  name?: string;
  /** What the day is, for the calendar button. */
  label: string;
  /** "2026-11-24", or whatever was typed that is no day. */
  value: string;
  set: (day: string) => void;
  'aria-invalid'?: boolean;
  'aria-describedby'?: string;
}

/**
 * A day typed as ngày/tháng/năm (24/11/2026) or picked from the browser's calendar. A bare date input would show month and day in the order
 * of the browser's own language, and 11/12 would be anybody's guess.
 */
export function DayInput({ label, value, set, ...input }: DayInputProps) {
  const [typed, setTyped] = useState(dayShort(value));
  const picker = useRef<HTMLInputElement>(null);
  const take = (text: string, day: string) => {
    setTyped(text);
    set(day);
  };
  return (
    <div className="nv-day">
      <input {...input} className="nv-input" inputMode="numeric" autoComplete="off" placeholder="ngày/tháng/năm" value={dayFrom(typed) === value ? typed : dayShort(value)} onChange={({ target }) => take(target.value, dayFrom(target.value))} />
      <button type="button" className="nv-button" aria-label={`Chọn ${label.toLowerCase()} trên lịch`} onClick={() => picker.current?.showPicker()}>
        <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.4" aria-hidden="true">
          <rect x="1.7" y="2.7" width="12.6" height="11.6" rx="1.5" />
          <path d="M1.7 6.3h12.6M5 1v3M11 1v3" />
        </svg>
      </button>
      <input ref={picker} type="date" tabIndex={-1} aria-hidden="true" value={isDay(value) ? value : ''} onChange={({ target }) => take(dayShort(target.value), target.value)} />
    </div>
  );
}

const WEEKDAYS = ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'];

const isDay = (on: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(on);

/** "24/11/2026" for "2026-11-24"; other texts stay as they are. */
export const dayShort = (on: string): string => (isDay(on) ? on.split('-').reverse().join('/') : on);

/** "2026-11-24" for "24/11/2026", "24-11-2026", "24.11.2026" or "24112026"; what cannot be read stays, and the server says so. */
export function dayFrom(typed: string): string {
  const parts = /^(\d{1,2})[/.\s-]?(\d{1,2})[/.\s-]?(\d{4})$/.exec(typed.trim());
  return parts ? `${parts[3]}-${(parts[2] ?? '').padStart(2, '0')}-${(parts[1] ?? '').padStart(2, '0')}` : typed.trim();
}

/** "14:30" for "14h30", "1430", "14.30"; "14:00" for "14", "14h". */
export function timeFrom(typed: string): string {
  const parts = /^(\d{1,2})\s*[:h.]?\s*(\d{2})?$/i.exec(typed.trim());
  return parts ? `${(parts[1] ?? '').padStart(2, '0')}:${parts[2] ?? '00'}` : typed.trim();
}

/** "thứ Ba 24/11/2026" for "2026-11-24"; the weekday of a calendar day does not depend on any time zone. */
export function dayInWords(on: string): string {
  if (!isDay(on)) return '';
  const instant = new Date(`${on}T00:00:00Z`);
  return Number.isNaN(instant.getTime()) ? '' : `${WEEKDAYS[instant.getUTCDay()]} ${dayShort(on)}`;
}
