import { workingCalendar } from '../../src/kernel/working-calendar.js';

const off = ['2026-01-01', '2026-01-02', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20', '2026-04-26', '2026-04-27', '2026-04-30', '2026-05-01', '2026-08-31', '2026-09-01', '2026-09-02', '2026-11-24'];
const worked = ['2026-01-10', '2026-08-22'];

/** The days off and worked Saturdays of 2026, for tests of pure rules. */
export const calendar2026 = workingCalendar([
  ...off.map((on) => ({ on, kind: 'off' as const, note: '' })),
  ...worked.map((on) => ({ on, kind: 'worked' as const, note: '' })),
]);
