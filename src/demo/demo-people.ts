import { normalisePhone } from '../people/phone.js';
import { phonesOf, type SampleProvince } from './sample-province.js';
import { hasZaloBot, homeOf } from './seed-people.js';
import type { SimulatorMailbox } from './simulator/mailboxes.js';
import type { SimulatorPerson } from './simulator/people.js';

/** Everybody with their phones. */
export function simulatorPeople(sample: SampleProvince): SimulatorPerson[] {
  const names = new Map(sample.agencies.map((agency) => [agency.code, agency.name]));
  return sample.people.map(({ id, name, position, agencyCode, phone }) => {
    const number = phone ? (normalisePhone(phone) ?? phone) : null;
    const { 'zalo-bot': bot, ...chats } = phonesOf(id);
    const phones = { ...chats, ...(hasZaloBot(id) ? { 'zalo-bot': bot } : {}), ...(number ? { sms: number, zbs: number } : {}) };
    return { id, name, position, group: names.get(agencyCode) ?? agencyCode, home: homeOf(id), phones, mailbox: true };
  });
}

/** People's mailboxes, those who read mail first; then the agencies'. */
export function mailboxesOf(sample: SampleProvince): SimulatorMailbox[] {
  const names = new Map(sample.agencies.map((agency) => [agency.code, agency.name]));
  const people = sample.people.map(({ id, name, position, agencyCode, email }) => ({ id, name, position, group: homeOf(id) === 'email' ? 'Đọc tin qua thư điện tử' : (names.get(agencyCode) ?? agencyCode), address: email }));
  const agencies = sample.agencies.flatMap(({ code, name, email }) => (email ? [{ id: code, name, position: '', group: 'Hộp thư cơ quan', address: email }] : []));
  const readers = people.filter(({ group }) => group === 'Đọc tin qua thư điện tử');
  return [...readers, ...agencies, ...people.filter((one) => !readers.includes(one))];
}
