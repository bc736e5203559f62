import type { CalendarDay } from '../kernel/working-calendar.js';

const off = (note: string, ...days: string[]): CalendarDay[] => days.map((on) => ({ on, kind: 'off', note }));
const worked = (on: string, note: string): CalendarDay[] => [{ on, kind: 'worked', note }];

/** 2026 as announced: Labour Code 2019 art. 111-112, the year's notices on Tết and swaps, Resolution 28/2026/QH16. */
export const days2026: readonly CalendarDay[] = [
  ...off('Tết Dương lịch', '2026-01-01'),
  ...off('Nghỉ hoán đổi (Công văn 12729/VPCP-KGVX), làm bù thứ Bảy 10/01', '2026-01-02'),
  ...worked('2026-01-10', 'Làm bù cho thứ Sáu 02/01'),
  ...off('Tết Nguyên đán (Thông báo 9441/TB-BNV)', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20'),
  ...off('Giỗ Tổ Hùng Vương', '2026-04-26'),
  ...off('Nghỉ bù Giỗ Tổ Hùng Vương', '2026-04-27'),
  ...off('Ngày Chiến thắng', '2026-04-30'),
  ...off('Ngày Quốc tế Lao động', '2026-05-01'),
  ...worked('2026-08-22', 'Làm bù cho thứ Hai 31/08'),
  ...off('Nghỉ hoán đổi, làm bù thứ Bảy 22/08', '2026-08-31'),
  ...off('Quốc khánh', '2026-09-01', '2026-09-02'),
  ...off('Ngày Văn hóa Việt Nam (Nghị quyết 28/2026/QH16)', '2026-11-24'),
];

/**
 * 2027 before any notice: fixed days and lunar dates are computed (Tết on Saturday 06/02, Giỗ Tổ on 16/04); which five days
 * of Tết, the second day of National Day and swaps are a guess by the pattern of former years. Kept as provisional rows.
 */
export const days2027: readonly CalendarDay[] = [
  ...off('Tết Dương lịch', '2027-01-01'),
  ...off('Tết Nguyên đán (dự kiến, chưa có thông báo)', '2027-02-05', '2027-02-06', '2027-02-07', '2027-02-08', '2027-02-09'),
  ...off('Nghỉ bù Tết Nguyên đán (dự kiến)', '2027-02-10', '2027-02-11'),
  ...off('Giỗ Tổ Hùng Vương', '2027-04-16'),
  ...off('Ngày Chiến thắng', '2027-04-30'),
  ...off('Ngày Quốc tế Lao động', '2027-05-01'),
  ...off('Nghỉ bù Ngày Quốc tế Lao động', '2027-05-03'),
  ...off('Quốc khánh', '2027-09-02'),
  ...off('Quốc khánh, ngày thứ hai (dự kiến 01/09 hoặc 03/09)', '2027-09-03'),
  ...off('Ngày Văn hóa Việt Nam', '2027-11-24'),
];
