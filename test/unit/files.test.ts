import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanName, isHandout, sniff } from '../../src/files/sniff.js';
import { docx, html, jpeg, pdf, png } from '../support/sample-files.js';

const zip = (inside: string) => Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.from(inside)]);
const ole = Buffer.concat([Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1'), Buffer.alloc(100)]);

test.each([
  ['a PDF', pdf(), 'x.pdf', 'application/pdf', true],
  ['a PDF that says it is a page', pdf(), 'x.html', 'application/pdf', true],
  ['a PDF with a mark before it', Buffer.concat([Buffer.from('\ufeff'), pdf()]), 'x.pdf', 'application/pdf', true],
  ['a JPEG', jpeg(), 'x', 'image/jpeg', true],
  ['a PNG', png(), 'x.jpg', 'image/png', true],
  ['a Word document', docx(), 'x.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', false],
  ['an old Word document', ole, 'x.doc', 'application/msword', false],
  ['a voice message', Buffer.from('OggS........'), 'x', 'audio/ogg', false],
])('%s is known by its bytes', (_what, bytes, name, contentType, handout) => {
  const type = sniff(bytes, name);
  expect(type?.contentType).toBe(contentType);
  expect(type && isHandout(type)).toBe(handout);
});

test.each([
  ['a page', html(), 'x.pdf'],
  ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'x.png'],
  ['a program', Buffer.from('MZ\x90\x00'), 'x.pdf'],
  ['a script', Buffer.from('#!/bin/sh'), 'x.pdf'],
  ['an archive', zip('a.exe'), 'x.docx'],
  ['an installer in the old container', ole, 'x.msi'],
  ['a document with macros', zip('[Content_Types].xml word/vbaProject.bin'), 'x.docx'],
  ['nothing', Buffer.alloc(0), 'x.pdf'],
])('%s is not taken', (_what, bytes, name) => expect(sniff(bytes, name)).toBeNull());

const PDF = { contentType: 'application/pdf', extension: 'pdf' };
test.each([
  ['Giấy mời họp.pdf', 'Giấy mời họp.pdf'],
  ['Giấy mời họp.pdf'.normalize('NFD'), 'Giấy mời họp.pdf'],
  ['C:\\Users\\Lan\\bao cao.PDF', 'bao cao.pdf'],
  ['../../etc/passwd', 'passwd.pdf'],
  ['hoa-don.pdf.exe', 'hoa-don.pdf.exe.pdf'],
  ['ao\u202efdp.exe', 'aofdp.exe.pdf'],
  ['a"b<c>:d|e?.pdf', 'a-b-c--d-e-.pdf'],
  ['...', 'tep.pdf'],
  ['', 'tep.pdf'],
  ['.htaccess', 'htaccess.pdf'],
  ['a\r\nb.pdf', 'ab.pdf'],
  ['con.pdf', '_con.pdf'],
  ['NUL', '_NUL.pdf'],
  ['lpt1.bao cao.pdf', '_lpt1.bao cao.pdf'],
  ['Com¹ .pdf', '_Com¹.pdf'],
  ['công văn.pdf', 'công văn.pdf'],
  ['contract.pdf', 'contract.pdf'],
  ['com10.pdf', 'com10.pdf'],
])('the name %j becomes %j', (given, wanted) => expect(cleanName(given, PDF)).toBe(wanted));

test('any name: safe, short, with the ending of its bytes, and cleaning it again changes nothing', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.tuple(fc.constantFrom('con', 'NUL', 'com1', 'lpt¹', ' aux', '..prn'), fc.string({ maxLength: 130 })).map((parts) => parts.join(''))), (given) => {
    const name = cleanName(given, PDF);
    // eslint-disable-next-line no-control-regex
    expect(name).not.toMatch(/[\u0000-\u001f\\/:*?"<>|\u202e]|^\./);
    expect(name).toMatch(/.\.pdf$/i);
    expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\s*\./i);
    expect([...name].length).toBeLessThanOrEqual(130);
    expect(Buffer.from(name).toString()).toBe(name);
    expect(cleanName(name, PDF)).toBe(name);
  }), { numRuns: 500 });
});

test('any bytes: an answer, never a crash', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, name) => void sniff(bytes, name)), { numRuns: 500 });
});
