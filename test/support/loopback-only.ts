import { lockDoors } from '../../src/delivery/at-home.js';

// Before any test of this process: no socket reaches beyond this machine, but for a database somebody named.
const named = /^mongodb(?:\+srv)?:\/\/([^/?#]*)/.exec(process.env['TEST_MONGODB_URI'] ?? '')?.[1] ?? '';
lockDoors(new Set(named.slice(named.lastIndexOf('@') + 1).split(',').map((host) => host.replace(/:\d+$/, '').toLowerCase())));
