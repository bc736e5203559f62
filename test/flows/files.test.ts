import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, type StoryChannel, type StoryPerson, type World } from '../support/world.js';
import { docx, html, jpeg, pdf } from '../support/sample-files.js';

let world: World;
let dat: StoryPerson;
let nhi: StoryPerson;

const open = async (channel: StoryChannel) => {
  world = await openWorld('2026-11-19T02:00:00Z'); // Thursday 09:00 in Vietnam
  await world.agency('UBND', 'UBND tỉnh Lào Cai', 'province');
  await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  await world.agency('STC', 'Sở Tài chính');
  dat = await world.person({ name: 'Hoàng Văn Dật', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'] }, channel);
  nhi = await world.person({ name: 'Trần Thục Nhi', position: 'Chuyên viên Văn phòng UBND tỉnh', agencyCode: 'VP', roles: ['office'] }, channel);
};
afterEach(() => world.close());

const assign = async (more: Record<string, unknown> = {}): Promise<{ id: string; code: string }> => {
  const answer = await world.api('POST', '/api/v1/directives', {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Hà Minh Thụy', urgency: 'normal', summary: 'Đẩy nhanh giải ngân', ...more,
    tasks: [{ content: 'Báo cáo tiến độ giải ngân', leadAgencyCode: 'STC', dueOn: '2026-12-04' }],
  });
  await world.settle();
  const { id, tasks } = answer.body as { id: string; tasks: { code: string }[] };
  world.heard(dat);
  return { id, code: tasks[0]?.code ?? '' };
};
const upload = (path: string, name: string, bytes: Uint8Array, headers: Record<string, string> = {}) => world.api('POST', `${path}/files`, { name, content: Buffer.from(bytes).toString('base64') }, headers);
const attach = async (person: StoryPerson, name: string, type: string, bytes: Uint8Array, caption?: string) => {
  // One chat is not written to twice in the same second.
  world.clock.advance({ seconds: 5 });
  await world.networks[person.channel].attach(person.userId, { name, type, bytes, ...(caption ? { caption } : {}) });
  await world.settle();
};
const filesOn = async (code: string) => ((await world.api('GET', `/api/v1/tasks/${code}/files`)).body as { files: { id: string; name: string; size: number; contentType: string; by: string }[] }).files;
const words = (person: StoryPerson) => world.heard(person).map((m) => m.text).join('\n');

describe.each<StoryChannel>(['telegram', 'zalo'])('files over %s', (channel) => {
  beforeEach(() => open(channel));

  test('the office adds a document: whoever carries the task out gets it, once', async () => {
    const { id, code } = await assign();
    for (const _ of [1, 2]) expect((await upload(`/api/v1/directives/${id}`, 'CV 5127.pdf', pdf(1_500_000), { 'idempotency-key': 'k1' })).status).toBe(201);
    await world.settle();
    const told = world.heard(dat);
    expect(told.map((m) => m.attachment?.name).filter(Boolean)).toEqual(['CV 5127.pdf']);
    expect(told.map((m) => m.text).join('\n')).toContain(`🔔 Tài liệu kèm nhiệm vụ · ${code}\nVăn bản 5127/UBND-KT, thứ Hai 16/11/2026.\nTệp: “CV 5127.pdf” (1,5 MB).`);
    expect(await filesOn(code)).toMatchObject([{ name: 'CV 5127.pdf', size: 1_500_000, contentType: 'application/pdf' }]);
    expect(world.heard(nhi)).toEqual([]);
  });

  test('a document for a meeting; not to one that was cancelled', async () => {
    const { code } = (await world.api('POST', '/api/v1/meetings', { title: 'Giao ban', kind: 'regular', startsAt: '2026-11-27T08:00:00+07:00', place: 'phòng họp tầng 3', attendeeIds: [dat.id] })).body as { code: string };
    await world.settle();
    world.heard(dat);
    expect((await upload(`/api/v1/meetings/${code}`, 'Tài liệu.pdf', pdf())).status).toBe(201);
    await world.settle();
    expect(world.heard(dat).map((m) => m.attachment?.name)).toContain('Tài liệu.pdf');
    await world.api('POST', `/api/v1/meetings/${code}/cancel`, { reason: 'hoãn' });
    expect((await upload(`/api/v1/meetings/${code}`, 'Khác.pdf', pdf())).body).toMatchObject({ code: 'meeting-over' });
  });

  test('what is not a picture or a PDF, too large, or of a secret document is refused', async () => {
    const { id } = await assign();
    const refusedWith = async (name: string, bytes: Uint8Array, path = `/api/v1/directives/${id}`) => ((await upload(path, name, bytes)).body as { code: string }).code;
    expect(await refusedWith('a.pdf', html())).toBe('file-type-unsupported');
    expect(await refusedWith('a.docx', docx())).toBe('file-type-unsupported');
    expect(await refusedWith('a.pdf', pdf(5_000_001))).toBe('file-too-large');
    const secret = await assign({ secret: true, symbol: '9/UBND-NC' });
    expect(await refusedWith('a.pdf', pdf(), `/api/v1/directives/${secret.id}`)).toBe('file-of-secret');
    expect(await refusedWith('a.pdf', pdf(), '/api/v1/directives/64b000000000000000000001')).toBe('directive-unknown');
  });

  test('a document that becomes secret while its file waits: nothing leaves', async () => {
    const { id, code } = await assign();
    await upload(`/api/v1/directives/${id}`, 'a.pdf', pdf());
    await world.app.ctx.db.Task.updateOne({ code }, { $set: { secret: true } });
    await world.settle();
    expect(world.heard(dat)).toEqual([]);
    expect(await world.app.ctx.db.Delivery.findOne({ kind: 'task-file' }).lean()).toMatchObject({ state: 'suppressed', reason: 'secret' });
  });

  test('a photo with the report is kept with it and can be downloaded, never shown', async () => {
    const { code } = await assign();
    await attach(dat, 'hiện trường.jpg', 'image/jpeg', jpeg(300_000), `/capnhat ${code} 70% đã đổ bê tông`);
    expect(words(dat)).toMatch(/✅ Đã ghi nhận NV-2026-00001: 70%[\s\S]*\nĐã lưu kèm “.+\.jpg” \(300 KB\)\./);
    const [file] = await filesOn(code);
    expect(file).toMatchObject({ contentType: 'image/jpeg', size: 300_000, by: 'Hoàng Văn Dật' });
    const response = await world.app.http.inject({ url: `/api/v1/files/${file?.id}`, headers: { authorization: 'Bearer office-document-system-token' } });
    expect(response.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff', 'content-disposition': expect.stringMatching(/^attachment; filename="/) as string });
    expect(response.rawPayload.equals(jpeg(300_000))).toBe(true);
  });

  test('a file within ten minutes of a report goes with it; later it belongs to nothing', async () => {
    const { code } = await assign();
    await world.say(dat, `/capnhat ${code} 40% đang làm`);
    world.heard(dat);
    world.clock.advance({ minutes: 9, seconds: 55 });
    await attach(dat, 'Bảng kê.docx', 'application/msword', docx());
    expect(words(dat)).toContain(`✅ Đã bổ sung vào báo cáo ${code}.\nĐã lưu kèm “Bảng kê.docx”`);
    world.clock.advance({ ms: 1 });
    await attach(dat, 'Khác.pdf', 'application/pdf', pdf());
    expect(words(dat)).toContain('Tệp chưa được lưu: chưa rõ thuộc nhiệm vụ nào.');
    expect((await filesOn(code)).map((f) => f.name)).toEqual(['Bảng kê.docx']);
  });

  test('a file after a tap on "Cập nhật" is a report itself', async () => {
    const { code } = await assign();
    await world.say(dat, `/capnhat ${code}`);
    world.heard(dat);
    await attach(dat, 'Báo cáo 70%.pdf', 'application/pdf', pdf());
    expect(words(dat)).toContain(`✅ Đã bổ sung vào báo cáo ${code}.`);
    const task = (await world.api('GET', `/api/v1/tasks/${code}`)).body as { percent: number; progress: { note: string; percent: number }[] };
    expect(task.progress).toMatchObject([{ percent: 0, note: 'Gửi tệp: Báo cáo 70%.pdf' }]);
    world.clock.advance({ seconds: 5 });
    await world.settle();
    expect(words(nhi)).toContain('Gửi tệp: Báo cáo 70%.pdf');
  });

  test('what cannot be kept is told with its reason, and the words stay', async () => {
    const { code } = await assign();
    await world.say(dat, `/capnhat ${code} 40% đang làm`);
    world.heard(dat);
    await attach(dat, 'trang.pdf', 'application/pdf', html());
    expect(words(dat)).toContain('Chưa lưu được tệp “trang.pdf”: chỉ nhận PDF, ảnh, Word, Excel, PowerPoint và ghi âm.');
    await attach(dat, 'lớn.pdf', 'application/pdf', pdf(10_000_001));
    expect(words(dat)).toContain('Chưa lưu được tệp “lớn.pdf”: tệp lớn hơn 10 MB.');
    expect(await filesOn(code)).toEqual([]);
  });

  test('a message worked on again keeps one file and says nothing twice', async () => {
    const { code } = await assign();
    await attach(dat, 'a.jpg', 'image/jpeg', jpeg(), `/capnhat ${code} 70% xong móng`);
    expect(words(dat)).toContain('Đã lưu kèm');
    const { db } = world.app.ctx;
    await db.Inbound.updateMany({ 'message.kind': 'attachment' }, { $set: { state: 'new' } });
    world.clock.advance({ seconds: 5 });
    await world.settle();
    expect(words(dat)).toBe('');
    expect(await db.StoredFile.countDocuments()).toBe(1);
    expect(await filesOn(code)).toHaveLength(1);
  });
});

test('Telegram: getFile or the download fails, the person hears it, and the report stands', async () => {
  await open('telegram');
  const { code } = await assign();
  world.telegram.misbehaveOn('getFile', 'server-500', 2);
  await attach(dat, 'a.jpg', 'image/jpeg', jpeg(), `/capnhat ${code} 70% xong móng`);
  expect(words(dat)).toMatch(/✅ Đã ghi nhận[\s\S]*Chưa lưu được tệp: chưa tải được từ nhà cung cấp\. Đề nghị gửi lại/);
  // One failure is tried again at once.
  world.telegram.misbehaveOn('getFile', 'reset', 1);
  await attach(dat, 'b.jpg', 'image/jpeg', jpeg());
  expect(words(dat)).toContain('Đã lưu kèm');
});

test('Zalo: an address outside of Zalo is not asked', async () => {
  await open('zalo');
  const { code } = await assign();
  await world.say(dat, `/capnhat ${code} 40% đang làm`);
  world.heard(dat);
  const asked = await world.zalo.webhook.tell({
    app_id: world.zalo.appId, event_name: 'user_send_file', timestamp: String(world.clock.now().getTime()), sender: { id: dat.userId }, recipient: { id: '1' },
    message: { msg_id: 'x1', attachments: [{ type: 'file', payload: { url: 'http://169.254.169.254/latest/meta-data', name: 'a.pdf' } }] },
  });
  expect(asked).toBeUndefined();
  await world.settle();
  expect(words(dat)).toContain('Chưa lưu được tệp “a.pdf”: địa chỉ tải tệp không thuộc nhà cung cấp.');
});
