import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { stripDiacritics } from '../../src/kernel/fold.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Person } from '../../src/people/person.model.js';
import { registerPerson } from '../../src/people/register-person.js';
import { linkedChat } from '../support/chat-story.js';
import { assigned, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
let n = 0;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

async function invited(people: Person[], title = 'Họp hỏa tốc', at = '2026-11-23T14:00:00+07:00'): Promise<string> {
  const { code } = await callMeeting(because(p.ctx, `m:${++n}`), office, { title, kind: 'urgent', startsAt: new Date(at), place: 'phòng họp số 1', attendeeIds: people.map(({ _id }) => String(_id)) });
  return code;
}
const attendee = async (code: string) => (await p.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees[0];
async function buttons(): Promise<{ label: string; command: string }[]> {
  const last = await p.ctx.db.Delivery.findOne({ kind: 'reply' }).sort({ _id: -1 }).orFail().lean();
  return JSON.parse(String(last.data['buttons'] ?? '[]')) as { label: string; command: string }[];
}
const tap = async (label: string): Promise<string> => (await buttons()).find((button) => button.label === label)?.command ?? `no button ${label}`;
/** A chat whose person takes half a minute to type. */
async function linked(person: Person, chatId = '1') {
  const chat = await linkedChat(p.ctx, person, chatId);
  const slowly = <A, R>(tell: (said: A) => R) => (said: A): R => (p.clock.advance({ seconds: 30 }), tell(said));
  return { ...chat, say: slowly(chat.say), tell: slowly(chat.tell) };
}
const both = (...sentences: string[]): string[] => [...new Set(sentences.flatMap((words) => [words, stripDiacritics(words)]))];

describe('plain words minutes after an urgent invitation', () => {
  test.each(both('dự', 'Tôi dự nhé', 'tôi sẽ dự', 'Tôi cử đồng chí Hà Minh Thụy dự thay', 'sẽ đến muộn 10 phút', 'em bận không đi họp được ạ'))('%s: the meeting is asked about, also after "Đã nhận"; nothing is written', async (words) => {
    await assigned(p.ctx, { dueOn: '2026-11-26' });
    const code = await invited([p.dat]);
    const chat = await linked(p.dat);
    expect(await chat.say(words)).toContain(`Có phải đồng chí trả lời lịch họp ${code}?`);
    await chat.say(`/xacnhan ${code}`);
    expect(await chat.say(words)).toContain(`Có phải đồng chí trả lời lịch họp ${code}?`);
    expect((await buttons()).map(({ label }) => label)).toEqual(['Đã nhận', 'Tham dự', 'Vắng']);
    expect((await attendee(code))?.answer).toBeNull();
  });

  test.each([['Tôi cử đồng chí Hà Minh Thụy dự thay', 'Vắng', 'absent'], ['đi công tác, cử đồng chí Hà Minh Thụy dự thay', 'Vắng', 'absent'], ['sẽ đến muộn 10 phút', 'Tham dự', 'attending']] as const)('%s: a tap on %s writes these words down with the answer', async (words, label, answer) => {
    const code = await invited([p.dat]);
    const chat = await linked(p.dat);
    await chat.say(words);
    await chat.say(await tap(label));
    expect(await attendee(code)).toMatchObject({ answer, answerNote: words });
  });

  test.each(both('tôi sẽ dự', 'dự', 'HOP-1 dự', 'HOP-1: tôi sẽ dự', 'tôi sẽ dự HOP-1'))('%s: after "Vắng", with or without its reason, the meeting is asked about and the absence stands', async (words) => {
    const code = await invited([p.dat]);
    const chat = await linked(p.dat);
    await chat.say(`/vang ${code}`);
    expect(await chat.say(words)).toContain(code);
    expect((await buttons()).map(({ label }) => label)).toContain('Tham dự');
    await chat.say('bận họp');
    expect(await attendee(code)).toMatchObject({ answer: 'absent', answerNote: 'bận họp' });
    expect(await chat.say(words)).toContain(`Có phải đồng chí trả lời lịch họp ${code}?`);
    expect(await attendee(code)).toMatchObject({ answer: 'absent', answerNote: 'bận họp' });
    await chat.say(await tap('Tham dự'));
    expect((await attendee(code))?.answer).toBe('attending');
  });

  test('"có", "được", "không": only right after our question whether they come', async () => {
    const code = await invited([p.dat]);
    const chat = await linked(p.dat);
    expect(await chat.say('được ạ')).not.toContain(code);
    await chat.say(`/xacnhan ${code}`);
    for (const words of both('có', 'được ạ', 'không được', 'vâng ạ')) expect(await chat.say(words), words).toContain(`Có phải đồng chí trả lời lịch họp ${code}?`);
    p.clock.advance({ minutes: 31 });
    expect(await chat.say('có')).not.toContain(code);
    expect((await attendee(code))?.answer).toBeNull();
  });

  test('several invitations: each is a button, the words go with the one tapped', async () => {
    await invited([p.dat]);
    const second = await invited([p.dat], 'Giao ban', '2026-11-24T08:00:00+07:00');
    const chat = await linked(p.dat);
    expect(await chat.say('toi cu dong chi An du thay')).toContain('Chưa rõ đồng chí trả lời lịch họp nào');
    expect((await buttons()).map(({ label }) => label)).toEqual(['Vắng HOP-1', 'Vắng HOP-2']);
    await chat.say(await tap('Vắng HOP-2'));
    expect(await attendee(second)).toMatchObject({ answer: 'absent', answerNote: 'toi cu dong chi An du thay' });
  });

  test('work told in such words stays work; who is invited to nothing is told so', async () => {
    await assigned(p.ctx, { dueOn: '2026-11-26' });
    await invited([p.dat]);
    const chat = await linked(p.dat);
    for (const words of both('đã tham dự họp với Sở, đang tổng hợp', 'dự kiến tuần sau xong', 'dự thảo đã gửi', '40% đã dự họp với 3 xã')) expect(await chat.say(words), words).not.toContain('lịch họp');
    expect(await (await linked(p.trieu, '2')).say('tôi sẽ dự')).toContain('đồng chí không có lịch họp sắp tới');
  });
});

describe('examples name the own meeting', () => {
  test('"/thamdu", "/vang" without a code ask about it, with the reason typed behind', async () => {
    await invited([p.trieu], 'Họp của người khác');
    const code = await invited([p.dat]);
    const chat = await linked(p.dat);
    expect(await chat.say('/thamdu')).toContain(code);
    expect(await chat.say('/vang bận đi công tác')).toContain('“bận đi công tác”');
    expect((await attendee(code))?.answer).toBeNull();
    await chat.say(await tap('Vắng'));
    expect(await attendee(code)).toMatchObject({ answer: 'absent', answerNote: 'bận đi công tác' });
    expect(await (await linked(p.quyen, '2')).say('/vang')).not.toContain('HOP-31');
  });
});

describe('a leader of the province', () => {
  const chairman = (name = 'Hà Minh Thụy') => registerPerson(because(p.ctx, `seed:${name}`), office, { name, position: 'Chủ tịch UBND tỉnh', agencyCode: 'UBND', roles: ['leader'] });

  test('sees every task and meeting in chat, but answers and reports on none of them; secret ones stay out of chats', async () => {
    await assigned(p.ctx, { dueOn: '2026-11-26' });
    await assigned(p.ctx, { dueOn: '2026-11-26' }, { urgency: 'normal', secret: true });
    const code = await invited([p.dat]);
    const chat = await linked(await chairman());
    for (const words of ['NV-1', '/chitiet NV-1']) expect(await chat.say(words)).toContain('Chủ trì: Sở Tài chính');
    expect(await chat.say(`/hop ${code}`)).toContain('Họp hỏa tốc');
    expect(await buttons()).toEqual([]);
    expect(await chat.say(`/thamdu ${code}`)).toContain('không có trong thành phần');
    expect(await chat.say('NV-2')).toContain('chỉ xem và cập nhật trên hệ thống');
    expect(await chat.say('/capnhat NV-1 50% xong')).not.toContain('Đã ghi nhận');
    // A director of a Sở sees the own ones only.
    expect(await (await linked(p.trieu, '2')).say('NV-1')).toContain('không thuộc đơn vị của đồng chí');
  });
});
