import { expect, test } from 'vitest';
import { mustHaveRoom } from '../../../src/embedded-mongo/store/disk-room.js';

const MB = 1_048_576;

test.each<[what: string, freeMb: number, totalMb: number, refused: boolean]>([
  ['plenty', 20_000, 100_000, false],
  ['just the reserve', 32, 100_000, false],
  ['less than the reserve', 31, 100_000, true],
  ['nothing', 0, 100_000, true],
  ['a small disk keeps a twentieth', 3, 40, false],
  ['and no less', 1, 40, true],
])('%s: %d MB free of %d', (_what, freeMb, totalMb, refused) => {
  const write = (): void => mustHaveRoom('/data/db', () => ({ free: freeMb * MB, total: totalMb * MB }));
  if (!refused) return expect(write).not.toThrow();
  expect(write).toThrow(expect.objectContaining({ code: 14031, codeName: 'OutOfDiskSpace' }));
});
