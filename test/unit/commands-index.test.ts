import { expect, test } from 'vitest';
import { commands, readCommand } from '../../bots/commands/index.js';
import { readMeetingRef, readTaskRef } from '../../bots/commands/read-ref.js';

test.each([
  ['/capnhat NV-12 70% đã họp', 'capnhat', 'NV-12 70% đã họp'],
  ['#capnhat NV-12 70%', 'capnhat', 'NV-12 70%'],
  ['/CapNhat@NhacViecBot NV-12 70%', 'capnhat', 'NV-12 70%'],
  ['/cập nhật NV-12 70%', 'capnhat', 'NV-12 70%'],
  ['/cập nhật NV-12 70%'.normalize('NFD'), 'capnhat', 'NV-12 70%'],
  ['／ｃｎ 12 70%', 'capnhat', '12 70%'],
  ['\u200b / cn 12 70%', 'capnhat', '12 70%'],
  ['/nhiệm vụ', 'nhiemvu', ''],
  ['/nhiemvu 2', 'nhiemvu', '2'],
  ['/Vắng HOP-31 đi công tác', 'vang', 'HOP-31 đi công tác'],
  ['/xác nhận HOP-31', 'xacnhan', 'HOP-31'],
  ['/trogiup', 'trogiup', ''],
])('%s', (typed, name, text) => {
  expect(readCommand(typed)).toMatchObject({ command: { names: expect.arrayContaining([name]) as string[] }, text });
});

test('words are no command, and unknown names are told apart from words', () => {
  expect(readCommand('70% đã họp')).toBeUndefined();
  expect(readCommand('')).toBeUndefined();
  expect(readCommand('/')).toBeUndefined();
  expect(readCommand('/khongco gì cả')).toEqual({ command: undefined, name: 'khongco', text: 'gì cả' });
});

test('names are unique ASCII', () => {
  const names = commands.flatMap((command) => command.names);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+$/);
});

test('a task or a meeting by its number, in full or short', () => {
  expect(readTaskRef('NV-2026-00012')).toEqual({ number: 12, year: 2026 });
  expect(readTaskRef('nv12')).toEqual({ number: 12 });
  expect(readTaskRef('nhiệm vụ 12')).toEqual({ number: 12 });
  expect(readTaskRef('12a')).toBeUndefined();
  expect(readMeetingRef('HOP-2026-00031')).toEqual({ ref: { number: 31, year: 2026 }, rest: '' });
  expect(readMeetingRef('hop31, bận công tác')).toEqual({ ref: { number: 31 }, rest: 'bận công tác' });
  expect(readMeetingRef('họp 31')).toEqual({ ref: { number: 31 }, rest: '' });
});
