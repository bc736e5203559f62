import type { StoredFile } from './file.model.js';

/** Headers under which a kept file is a download: never shown within a page of ours, whatever it is. */
export const downloadHeaders = (file: Pick<StoredFile, 'name' | 'contentType'>): Record<string, string> => ({
  'content-type': file.contentType,
  'content-disposition': `attachment; filename="${asciiName(file.name)}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, no-store',
});

/** For old programs that do not read the UTF-8 form. */
const asciiName = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').replace(/[^\w. -]/g, '_');
