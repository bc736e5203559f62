/**
 * A process that writes a fact and dies at once, before anything can be sent: `fact-then-die.ts <officerId>`.
 * Its settings come from the environment, like the real process's.
 */
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { createDirective } from '../../src/directives/create-directive.js';

const app = await createApp(readConfig(), { background: false, admin: false });
await createDirective({ ...app.ctx, cause: 'test:fact' }, { kind: 'system', name: 'Hệ thống văn bản' }, {
  symbol: '09/CĐ-UBND', kind: 'Công điện', issuedOn: '2026-11-19', signer: 'Đỗ Quang Lâm', urgency: 'normal',
  summary: 'Ứng phó mưa lớn',
  tasks: [{ content: 'Rà soát các hộ trong vùng nguy cơ cao', leadAgencyCode: 'STC', officerId: process.argv[2] ?? '' }],
});
process.kill(process.pid, 'SIGKILL');
