import { useEffect, useState } from 'react';
import { fold } from '../../src/kernel/fold.js';
import { getJson } from './api.js';
import { DayField, Field, type Form } from './form.js';
import { matches, useLookups, type PersonChoice } from './lookups.js';
import type { Item } from './picker.js';

/** Everybody who can be invited, and the same as lines to pick from. */
export function usePeople(): { people: PersonChoice[]; items: Item[] } {
  const { people, agencies } = useLookups(true);
  const agencyOf = (code: string) => agencies.find((agency) => agency.code === code)?.name ?? code;
  return { people, items: people.map((one) => ({ id: one.id, name: one.name, note: `${one.position} · ${agencyOf(one.agencyCode)}` })) };
}

/** The day, said to be a day off while it is typed. */
export function MeetingDay({ form, label }: { form: Form; label: string }) {
  const on = String(form.values['startsOn'] ?? '');
  const [words, setWords] = useState({ on: '', words: '' });
  useEffect(() => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(on)) return;
    let wanted = true;
    getJson<{ words: string }>(`/admin/api/office/meeting-day?on=${on}`).then((answer) => wanted && setWords({ on, words: answer.words }), () => undefined);
    return () => {
      wanted = false;
    };
  }, [on]);
  return <DayField form={form} name="startsOn" label={label} required size="third" explained={words.on === on ? words.words : ''} />;
}

const labelOf = ({ name, position }: PersonChoice): string => `${name}, ${position}`;

/** Suggestions shown at once. */
const SHOWN = 8;

/** Whom the typed words may mean, diacritics or not: first those whose name they begin, then in names, then in posts. */
function meantBy(typed: string, people: PersonChoice[]): PersonChoice[] {
  const rank = ({ name }: PersonChoice) => (fold(name).includes(fold(typed)) ? 0 : matches(typed, name) ? 1 : 2);
  return typed === '' ? [] : people.filter(({ name, position }) => matches(typed, name, position)).sort((a, b) => rank(a) - rank(b));
}

/** Who presides: somebody of the house, picked from what is typed; or free words, where it is ticked that they invite nobody. */
export function ChairField({ form, people }: { form: Form; people: PersonChoice[] }) {
  const value = String(form.values['chair'] ?? '');
  const typed = value.trim();
  const picked = people.find(({ id }) => id === form.values['chairId']);
  const inWords = form.values['chairInWords'] === true;
  const choose = (text: string, one?: PersonChoice) => {
    const exact = people.filter((person) => labelOf(person) === text.trim());
    form.set('chair', text);
    form.set('chairId', (one ?? (exact.length === 1 ? exact[0] : undefined))?.id ?? '');
    form.set('chairInWords', false);
  };
  const meant = picked ? [] : meantBy(typed, people);
  const onEnter = () => meant.length === 1 && meant[0] && choose(labelOf(meant[0]), meant[0]);
  const open = !picked && typed !== '';
  return (
    <div className="nv-field half" data-testid="chair">
      <Field form={form} name="chair" label="Chủ trì" hint={picked ? `Đồng chí ${picked.name} được mời chủ trì, nhận giấy mời như mọi người dự.` : open ? <ChairWords typed={typed} found={meant.length} /> : 'Gõ tên (không cần dấu) để chọn trong danh sách cán bộ, hoặc ghi bằng lời.'}>
        {(props) => <input {...props} className="nv-input" name="chair" autoComplete="off" value={value} onChange={(event) => choose(event.target.value)} onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); onEnter(); } }} />}
      </Field>
      {open && !inWords && meant.length > 0 ? (
        <ul className="nv-picks" aria-label="Chọn người chủ trì">
          {meant.slice(0, SHOWN).map((one) => <li key={one.id}><button type="button" onClick={() => choose(labelOf(one), one)}>{one.name}<span className="nv-note">{one.position}</span></button></li>)}
          {meant.length > SHOWN ? <li className="nv-muted nv-small">Còn {meant.length - SHOWN} đồng chí nữa: đề nghị gõ thêm.</li> : null}
        </ul>
      ) : null}
      {open ? <label className="nv-check"><input type="checkbox" name="chairInWords" checked={inWords} onChange={(event) => { form.set('chairInWords', event.target.checked); form.clear('chair'); }} />Đồng ý chỉ ghi bằng lời</label> : null}
    </div>
  );
}

/** What becomes of words nobody was picked by. */
const ChairWords = ({ typed, found }: { typed: string; found: number }) => (
  <span className="nv-told warn" role="status">
    {found === 0 ? `“${typed}” không có trong danh sách cán bộ: chỉ ghi bằng lời, không gửi giấy mời.` : `Có ${found} đồng chí khớp, đề nghị chọn. Nếu không chọn, “${typed}” chỉ ghi bằng lời, không gửi giấy mời.`}
  </span>
);
