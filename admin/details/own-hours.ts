import type { OwnHours } from '../../src/people/own-hours.js';

/** Own hours as the form has them, and in words for the page; '' where the office's hold. */
export const hoursValues = ({ digestAt, quiet }: OwnHours) => ({
  digestAt: digestAt ?? '',
  quietFrom: quiet?.from ?? '',
  quietTo: quiet?.to ?? '',
  quiet: quiet ? `${quiet.from} đến ${quiet.to}` : '',
});
