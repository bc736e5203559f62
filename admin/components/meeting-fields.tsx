import { useEffect, useState } from 'react';
import { getJson } from './api.js';
import { DayField, TextField, type Form } from './form.js';
import { useLookups, type PersonChoice } from './lookups.js';
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

/** Who presides: somebody of the house, picked from what is typed, or free words. */
export function ChairField({ form, people }: { form: Form; people: PersonChoice[] }) {
  const picked = people.find(({ id }) => id === form.values['chairId']);
  const choose = (name: string, value: unknown) => {
    const meant = people.filter((one) => labelOf(one) === String(value).trim());
    form.set(name, value);
    form.set('chairId', meant.length === 1 ? (meant[0]?.id ?? '') : '');
  };
  const typed = String(form.values['chair'] ?? '') !== '';
  const free = typed ? 'Ghi bằng lời, không gửi giấy mời cho người chủ trì.' : 'Gõ tên để chọn trong danh mục cán bộ, hoặc ghi bằng lời.';
  return <TextField form={{ ...form, set: choose }} name="chair" label="Chủ trì" size="half" list={people.map(labelOf)} hint={picked ? `Đồng chí ${picked.name} được mời chủ trì, nhận giấy mời như mọi người dự.` : free} />;
}
