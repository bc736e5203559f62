import { afterAll, beforeAll, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { sealLedger } from '../../src/delivery/ledger/seal-ledger.js';
import { saveZbsTemplate } from '../../src/delivery/zbs/save-zbs-template.js';
import { linkZalo, openOfficeApp, type OfficeApp } from '../support/office-app.js';

const OFFICE = { kind: 'system', name: 'Văn phòng' } as const;
let house: OfficeApp;
let office: string;
beforeAll(async () => {
  house = await openOfficeApp();
  office = await house.signIn('office@example.vn');
  await linkZalo(house);
});
afterAll(() => house.close());

const look = async <T>(url: string): Promise<T> => (await house.app.http.inject({ url: `/admin/api/${url}`, headers: { cookie: office } })).json();

test('"Diễn biến" of a message names the channel in words and no end of an address', async () => {
  const { ctx } = house.app;
  await enqueue(ctx, { key: 'one', kind: 'channel-test', lane: 'normal', personId: house.lan });
  await house.app.settle();
  await sealLedger(ctx);
  const row = await ctx.db.Delivery.findOne({ key: 'one' }).orFail().lean();
  expect(row.to).toBe('1001');
  const { entries } = await look<{ entries: { channel: string; to: string }[] }>(`office/ledger/${String(row._id)}`);
  expect(entries.at(-1)).toMatchObject({ channel: 'Zalo', to: '' });
  expect(JSON.stringify(entries)).not.toContain('…001');
});

test('"Mẫu tin" tells what is filled in by the names people know, not by the provider\'s marks', async () => {
  await saveZbsTemplate(because(house.app.ctx, 'template'), OFFICE, { templateId: '310002', kind: 'task-reminder', params: [{ name: 'name', type: 'STRING', maxLength: 60, from: 'name' }, { name: 'han', type: 'STRING', maxLength: 100, from: 'due' }], sample: 'Kính gửi đồng chí <name>, hạn <han>, <khac>', enabled: true });
  const { records } = await look<{ records: { params: { params: string; sample: string } }[] }>('resources/ZbsTemplate/actions/list');
  expect(records[0]?.params).toMatchObject({ params: 'Tên người nhận; Hạn (bằng lời)', sample: 'Kính gửi đồng chí [Tên người nhận], hạn [Hạn (bằng lời)], <khac>' });
});

test('what waits is sorted by how it leaves, which is not the urgency of a document', async () => {
  await house.app.http.inject({ method: 'POST', url: '/admin/api/office/hold', headers: { cookie: office }, payload: { nonce: '1'.padStart(32, '0'), reason: 'Giao nhầm', urgentPasses: false } });
  await enqueue(house.app.ctx, { key: 'two', kind: 'channel-test', lane: 'normal', personId: house.lan });
  await enqueue(house.app.ctx, { key: 'three', kind: 'channel-test', lane: 'urgent', personId: house.lan });
  const { counts } = await look<{ counts: { lane: string }[] }>('office/hold');
  expect(counts.map(({ lane }) => lane).sort()).toEqual(['Gửi ngay', 'Gửi thường']);
});
