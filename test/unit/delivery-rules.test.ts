import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterOutcome, backoffMs, stopAfterUnknown } from '../../src/delivery/outbox/after-outcome.js';
import { chooseChannel, type ChannelNeed } from '../../src/delivery/outbox/choose-channel.js';
import { deliveryStates, type DeliveryState } from '../../src/delivery/delivery.model.js';
import { entersFrom, mayMove, rank } from '../../src/delivery/delivery-states.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import { readQuietHours } from '../../src/kernel/quiet-hours.js';
import { quietUntil } from '../../src/delivery/outbox/quiet-hours.js';
import { channels, chatChannels, type Channel } from '../../src/kernel/channels.js';
import { workingCalendar } from '../../src/kernel/working-calendar.js';

const random = { next: () => 0.5, int: () => 0, bytes: (n: number) => new Uint8Array(n) };

describe('states', () => {
  const ends: DeliveryState[] = ['suppressed', 'expired', 'dead', 'acknowledged'];

  test('what the person may have noticed never falls; only what a provider took and could not deliver is given up', () => {
    fc.assert(fc.property(fc.constantFrom(...deliveryStates), fc.constantFrom(...deliveryStates), (from, to) => {
      if (mayMove(from, to)) expect(rank[to] >= rank[from] || (from === 'accepted' && to === 'dead')).toBe(true);
    }));
  });

  test('ends are ends, and nothing enters itself', () => {
    for (const to of deliveryStates) {
      expect(mayMove(to, to)).toBe(false);
      for (const end of ends) expect(mayMove(end, to)).toBe(false);
    }
  });

  test('a call is only made from a claim, and only a call is accepted', () => {
    expect(entersFrom.sending).toEqual(['claimed']);
    expect(entersFrom.accepted).toEqual(['sending']);
    expect(mayMove('sending', 'suppressed')).toBe(false);
    expect(mayMove('sending', 'expired')).toBe(false);
  });
});

describe('quiet hours', () => {
  const calendar = workingCalendar([{ on: '2026-11-24', kind: 'off', note: 'nghỉ' }, { on: '2026-11-28', kind: 'worked', note: 'làm bù' }]);
  const quiet = { from: '21:00', to: '06:30', daysOff: true, spreadMs: 0 };
  const ends = (at: string) => quietUntil(new Date(at), quiet, calendar)?.toISOString() ?? null;

  test.each([
    ['2026-11-23T13:59:59.999Z', null],
    ['2026-11-23T14:00:00.000Z', '2026-11-24T23:30:00.000Z'], // Monday 21:00; Tuesday is off
    ['2026-11-22T23:29:59.999Z', '2026-11-22T23:30:00.000Z'],
    ['2026-11-22T23:30:00.000Z', null], // Monday 06:30
    ['2026-11-21T03:00:00.000Z', '2026-11-22T23:30:00.000Z'], // Saturday
    ['2026-11-28T03:00:00.000Z', null], // a worked Saturday
  ])('%s -> %s', (at, end) => expect(ends(at)).toBe(end));

  test('its end is later, not quiet itself, and nothing in between is free', () => {
    const minute = fc.integer({ min: 0, max: 60 * 24 * 40 }).map((m) => new Date(Date.UTC(2026, 10, 1) + m * 60_000));
    fc.assert(fc.property(minute, (now) => {
      const end = quietUntil(now, quiet, calendar);
      if (!end) return;
      expect(end > now).toBe(true);
      expect(quietUntil(end, quiet, calendar)).toBeNull();
      for (let t = now.getTime(); t < end.getTime(); t += 17 * 60_000) expect(quietUntil(new Date(t), quiet, calendar)).not.toBeNull();
    }));
  });

  test('read from a setting', () => {
    expect(readQuietHours('off')).toBeNull();
    expect(readQuietHours('21:00-06:30')).toEqual(defaultPolicy.quiet);
    expect(readQuietHours('22:00-05:00 every-day')).toMatchObject({ from: '22:00', to: '05:00', daysOff: false });
    for (const nonsense of ['', '21-6', '24:00-06:00', '21:00-21:00', '21:00 - 06:30']) expect(readQuietHours(nonsense)).toBeUndefined();
  });

  test('a window within one day', () => {
    const noon = { from: '11:30', to: '13:00', daysOff: false, spreadMs: 0 };
    expect(quietUntil(new Date('2026-11-23T05:00:00Z'), noon, calendar)?.toISOString()).toBe('2026-11-23T06:00:00.000Z');
    expect(quietUntil(new Date('2026-11-23T06:00:00Z'), noon, calendar)).toBeNull();
  });
});

describe('choosing a channel', () => {
  const now = new Date('2026-11-23T03:00:00Z');
  const need = (more: Partial<Omit<ChannelNeed, 'delivery'>> & { delivery?: Partial<ChannelNeed['delivery']> } = {}): ChannelNeed => ({
    person: { channelOrder: [], phone: '84912345678', phoneVerifiedAt: new Date('2026-11-01T00:00:00Z'), email: 'lan@tinh.gov.vn' },
    links: [{ channel: 'zalo', chatId: 'z', deadAt: null }, { channel: 'telegram', chatId: 't', deadAt: null }],
    configured: new Set<Channel>(['zalo', 'telegram', 'sms', 'email']),
    pauses: new Map(),
    now,
    policy: defaultPolicy,
    ...more,
    delivery: { chat: null, triedChannels: [], lane: 'normal', attempts: [], ...more.delivery },
  });
  const rests = (ms: number, hard = false) => ({ until: new Date(now.getTime() + ms), hard });

  test.each<[string, ChannelNeed, unknown]>([
    ['the office’s order', need(), { go: { channel: 'zalo', to: 'z' } }],
    ['the person’s own order', need({ person: { channelOrder: ['email', 'nonsense'], email: 'x@y.vn' } }), { go: { channel: 'email', to: 'x@y.vn' } }],
    ['not a dead chat', need({ links: [{ channel: 'zalo', chatId: 'z', deadAt: now }] }), { go: { channel: 'sms', to: '84912345678' } }],
    ['not what is not configured', need({ configured: new Set<Channel>(['email']) }), { go: { channel: 'email', to: 'lan@tinh.gov.vn' } }],
    ['not what was tried', need({ delivery: { triedChannels: ['zalo', 'telegram', 'sms', 'email'] } }), { none: true }],
    ['an answer goes to its chat', need({ person: null, links: [], delivery: { chat: { channel: 'telegram', to: 'c' } } }), { go: { channel: 'telegram', to: 'c' } }],
    ['… or nowhere', need({ delivery: { chat: { channel: 'telegram', to: 'c' }, triedChannels: ['telegram'] } }), { none: true }],
    ['ordinary ones wait for a short rest', need({ pauses: new Map([['zalo', rests(60_000)]]) }), { wait: 'zalo', until: new Date(now.getTime() + 60_000) }],
    ['urgent ones go round it', need({ delivery: { lane: 'urgent' }, pauses: new Map([['zalo', rests(60_000)]]) }), { go: { channel: 'telegram', to: 't' } }],
    ['urgent ones have a moment’s patience', need({ delivery: { lane: 'urgent' }, pauses: new Map([['zalo', rests(2_000)]]) }), { wait: 'zalo', until: new Date(now.getTime() + 2_000) }],
    ['a channel that refuses is gone round', need({ pauses: new Map([['zalo', rests(60_000, true)]]) }), { go: { channel: 'telegram', to: 't' } }],
  ])('%s', (_name, given, expected) => expect(chooseChannel(given)).toEqual(expected));

  test('never a channel that is tried, not configured, dead or at rest; never nothing where a way is open', () => {
    const some = fc.subarray([...channels]);
    fc.assert(fc.property(some, some, some, some, fc.constantFrom('urgent', 'normal', 'digest'), (tried, configured, resting, dead, lane) => {
      const links = chatChannels.map((channel) => ({ channel, chatId: channel, deadAt: dead.includes(channel) ? now : null }));
      const choice = chooseChannel(need({ links, configured: new Set(configured), pauses: new Map(resting.map((c) => [c, rests(60_000)])), delivery: { triedChannels: tried, lane } }));
      const open = configured.filter((c) => !tried.includes(c) && !(dead.includes(c) && (chatChannels as readonly Channel[]).includes(c)));
      if ('go' in choice) expect(open.includes(choice.go.channel) && !resting.includes(choice.go.channel)).toBe(true);
      expect('none' in choice).toBe(open.length === 0);
    }));
  });
});

describe('after an outcome', () => {
  test('back-off grows, stays within its bounds, and never stops', () => {
    fc.assert(fc.property(fc.nat(500), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, chance) => {
      const ms = backoffMs(failures, defaultPolicy, { ...random, next: () => chance });
      expect(ms).toBeGreaterThanOrEqual(1_000);
      expect(ms).toBeLessThanOrEqual(defaultPolicy.backoff.maxMs * 1.5);
    }));
  });

  test('never two extra copies, in no lane', () => {
    for (const lane of ['urgent', 'normal', 'digest'] as const) {
      expect(stopAfterUnknown({ lane }, 2, defaultPolicy)).toBe('unknown-twice');
      for (const copies of [1, 2, 3]) {
        const verdict = afterOutcome({ delivery: { lane, attempts: [] }, copies, channel: 'zalo', truth: 'none', outcome: { kind: 'retry', code: 'timeout', maybeSent: true } }, defaultPolicy, random);
        expect(verdict).toMatchObject({ next: 'unknown', stop: 'unknown-twice' });
      }
    }
  });

  test('a channel that is down for everybody uses nothing up for a day, however often it is tried, and pauses stay between one and fifteen minutes', () => {
    const down = fc.record({ lane: fc.constantFrom('urgent', 'normal', 'digest') as fc.Arbitrary<'urgent' | 'normal' | 'digest'>, before: fc.integer({ min: 0, max: 500 }), ageMs: fc.integer({ min: 0, max: defaultPolicy.downMs - 1 }), chance: fc.double({ min: 0, max: 0.999, noNaN: true }) });
    fc.assert(fc.property(down, ({ lane, before, ageMs, chance }) => {
      const attempts = Array.from({ length: before }, () => ({ at: new Date(0), channel: 'zalo' as const, outcome: 'down' as const, code: '503', repeat: false }));
      const call = { delivery: { lane, attempts }, copies: 0, channel: 'zalo' as const, truth: 'none' as const, outcome: { kind: 'retry' as const, code: '503', maybeSent: false }, broken: true, elsewhere: true };
      const verdict = afterOutcome({ ...call, ageMs }, defaultPolicy, { ...random, next: () => chance });
      expect(verdict).toMatchObject({ next: 'again', outcome: 'down', tried: false });
      const { afterMs } = verdict as { afterMs: number };
      if (before === 0) expect(afterMs).toBe(0);
      else expect(afterMs >= 60_000 && afterMs <= 15 * 60_000).toBe(true);
      if (before > 0 && lane === 'urgent') expect(afterMs).toBeLessThanOrEqual(130_000);
      expect(afterOutcome({ ...call, ageMs: defaultPolicy.downMs }, defaultPolicy, random)).toMatchObject({ outcome: 'retry' });
    }));
  });
});
