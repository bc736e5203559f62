import { expect, test } from 'vitest';
import { mayAsk } from '../../../bots/zalo/download.js';

const hosts = ['zdn.vn', 'zalo.me', '127.0.0.1:4000'];

test.each([
  ['https://f19-zpc.zdn.vn/abc/photo.jpg', true],
  ['https://zdn.vn/a', true],
  ['https://ZDN.VN/a', true],
  ['http://127.0.0.1:4000/media/1', true],
  ['http://f19-zpc.zdn.vn/photo.jpg', false],
  ['https://zdn.vn.evil.example/a', false],
  ['https://evilzdn.vn/a', false],
  ['https://zdn.vn@evil.example/a', false],
  ['https://user:pw@zdn.vn/a', false],
  ['https://zdn.vn:8443/a', false],
  ['https://127.0.0.1/a', false],
  ['http://127.0.0.1:27017/', false],
  ['http://169.254.169.254/latest', false],
  ['https://[::1]/a', false],
  ['file:///etc/passwd', false],
  ['ftp://zdn.vn/a', false],
  ['javascript:alert(1)', false],
  ['', false],
])('%s: %s', (address, wanted) => expect(mayAsk(address, hosts)).toBe(wanted));
