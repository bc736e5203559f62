import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../../../src/kernel/secret.js';
import { bounceAddress, messageIdOf, readBounceAddress, readReplyAddress, replyAddress } from '../../../src/mail/addresses.js';
import { house } from '../../support/mail.js';

const id = fc.stringMatching(/^[0-9a-f]{24}$/);
const about = fc.oneof(fc.constant(null), fc.tuple(fc.constantFrom('NV', 'HOP', 'DT'), fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 9_999_999 })).map(([kind, year, n]) => `${kind}-${year}-${String(n).padStart(5, '0')}`));
const proof = fc.record({ about, who: fc.tuple(fc.constantFrom('p', 'a'), id).map(([kind, hex]) => `${kind}:${hex}`) });

test('a reply address names the matter and the writer, in any case of letters, within 64 characters', () => {
  fc.assert(fc.property(proof, (given) => {
    const address = replyAddress(house, given) ?? '';
    expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64);
    for (const written of [address, address.toLowerCase(), address.toUpperCase()]) expect(readReplyAddress(house, written)).toEqual(given);
  }));
});

test('the matter can be read by people', () => {
  expect(replyAddress(house, { about: 'NV-2026-00012', who: `p:${'0'.repeat(24)}` })).toMatch(/^tra-loi\+NV-2026-00012\.p[a-z2-7]{32}@laocai\.example$/);
});

test('a token fits no other matter, no other writer, no other house, and no letter of it may change', () => {
  fc.assert(fc.property(proof, proof, fc.nat(), (given, other, at) => {
    const address = replyAddress(house, given) ?? '';
    const [, token = ''] = /\.([pa][a-z2-7]{32})@/.exec(address) ?? [];
    const moved = (replyAddress(house, other) ?? '').replace(/\.[pa][a-z2-7]{32}@/, `.${token}@`);
    if (other.about !== given.about) expect(readReplyAddress(house, moved)).toBeUndefined();
    expect(readReplyAddress({ ...house, secret: new Secret('ein anderes Geheimnis') }, address)).toBeUndefined();
    const place = address.indexOf('.') + 2 + (at % 32);
    const changed = address.slice(0, place) + (address[place] === 'a' ? 'b' : 'a') + address.slice(place + 1);
    expect(readReplyAddress(house, changed)).toBeUndefined();
  }));
});

test.each(['tra-loi@laocai.example', 'tra-loi+@laocai.example', 'tra-loi+NV-2026-00012@laocai.example', 'tra-loi+NV-2026-00012.@laocai.example', 'tra-loi+NV-2026-00012.p@laocai.example', 'nhacviec@laocai.example', '', '@', 'tra-loi+0.pzzzz@evil.example'])('%s is none', (address) => {
  expect(readReplyAddress(house, address)).toBeUndefined();
});

test('without its settings there is no address', () => {
  const { secret: _secret, ...unsigned } = house;
  const { replyTo: _replyTo, ...mute } = house;
  for (const one of [unsigned, mute]) expect(replyAddress(one, { about: 'NV-2026-00012', who: `p:${'0'.repeat(24)}` })).toBeUndefined();
});

test('a bounce address leads back to the delivery\'s Message-ID, and cannot be made up', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (key, other) => {
    const address = bounceAddress(house, key) ?? '';
    expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64);
    expect(readBounceAddress(house, address.toUpperCase())).toBe(messageIdOf(house, key));
    if (other === key) return;
    const foreign = (bounceAddress(house, other) ?? '').split('.')[0];
    expect(readBounceAddress(house, address.replace(/^[^.]+/, foreign ?? ''))).toBeUndefined();
  }));
});
