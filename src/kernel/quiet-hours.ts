/** From `from` to `to` ("HH:mm", Asia/Ho_Chi_Minh), and on days off where `daysOff`; what waited leaves spread over `spreadMs`. */
export interface QuietHours {
  from: string;
  to: string;
  daysOff: boolean;
  spreadMs: number;
}

/**
 * Quiet hours from a setting: "off", or "21:00-06:30" (Asia/Ho_Chi_Minh; days off are quiet as well), or "21:00-06:30 every-day"
 * where days off are like others. Undefined: not readable.
 */
export function readQuietHours(setting: string): QuietHours | null | undefined {
  if (setting.trim() === 'off') return null;
  const time = '([01]\\d|2[0-3]):[0-5]\\d';
  const found = new RegExp(`^(?<from>${time})-(?<to>${time})(?<all> every-day)?$`).exec(setting.trim())?.groups;
  if (!found?.['from'] || !found['to'] || found['from'] === found['to']) return undefined;
  return { from: found['from'], to: found['to'], daysOff: !found['all'], spreadMs: 10 * 60_000 };
}
