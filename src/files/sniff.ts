/** What a file is by its first bytes. */
export interface FileType {
  contentType: string;
  /** Without the dot; the name is given it where it has another. */
  extension: string;
  /** Further endings that are as good. */
  also?: readonly string[];
}

const JPEG: FileType = { contentType: 'image/jpeg', extension: 'jpg', also: ['jpeg'] };
const PNG: FileType = { contentType: 'image/png', extension: 'png' };
const PDF: FileType = { contentType: 'application/pdf', extension: 'pdf' };

const office: Readonly<Record<string, FileType>> = {
  docx: { contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extension: 'docx' },
  xlsx: { contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extension: 'xlsx' },
  pptx: { contentType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation', extension: 'pptx' },
  doc: { contentType: 'application/msword', extension: 'doc' },
  xls: { contentType: 'application/vnd.ms-excel', extension: 'xls' },
  ppt: { contentType: 'application/vnd.ms-powerpoint', extension: 'ppt' },
};

/** Part names that stand at the start of every Office Open XML file. */
const parts: readonly [name: string, ending: string][] = [['word/', 'docx'], ['xl/', 'xlsx'], ['ppt/', 'pptx']];

/** Documents, pictures and voice people send from a phone; null for everything else: pages, scripts, programs, archives. */
export function sniff(bytes: Uint8Array, name: string): FileType | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4_096)).toString('latin1');
  if (head.slice(0, 1_024).includes('%PDF-')) return PDF;
  if (head.startsWith('\xff\xd8\xff')) return JPEG;
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return PNG;
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return { contentType: 'image/gif', extension: 'gif' };
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return { contentType: 'image/webp', extension: 'webp' };
  if (head.slice(4, 8) === 'ftyp') return ofFtyp(head.slice(8, 12));
  if (head.startsWith('OggS')) return { contentType: 'audio/ogg', extension: 'ogg', also: ['oga'] };
  if (head.startsWith('ID3') || /^\xff[\xf2\xf3\xfa\xfb]/.test(head)) return { contentType: 'audio/mpeg', extension: 'mp3' };
  if (/^\xff[\xf0\xf1\xf8\xf9]/.test(head)) return { contentType: 'audio/aac', extension: 'aac' };
  return ofOffice(bytes, head, name);
}

const ofFtyp = (brand: string): FileType | null =>
  /^(heic|heix|mif1|msf1)$/.test(brand) ? { contentType: 'image/heic', extension: 'heic' } : /^M4A/.test(brand) ? { contentType: 'audio/mp4', extension: 'm4a' } : null;

/** Both kinds of container hold other things too: only those with an office document's parts or name count. */
function ofOffice(bytes: Uint8Array, head: string, name: string): FileType | null {
  const ending = /\.([a-z]{3,4})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (head.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return ['doc', 'xls', 'ppt'].includes(ending) ? (office[ending] ?? null) : null;
  if (!head.startsWith('PK\x03\x04')) return null;
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!whole.includes('[Content_Types].xml')) return null;
  const kind = parts.find(([part]) => whole.includes(part))?.[1];
  return kind && !whole.includes('vbaProject.bin') ? (office[kind] ?? null) : null;
}

/** What the Office may hand out: what every phone opens without an app. */
export const isHandout = ({ contentType }: FileType): boolean => [PDF, JPEG, PNG].some((type) => type.contentType === contentType);

const MAX_NAME = 120;
/** Devices to Windows, whatever ending they carry: such a file cannot be saved there. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)/i;

/**
 * A name that is safe to save and to show: the last part of a path, NFC, no control or direction signs, nothing Windows
 * refuses (signs and names), no leading dot, the ending that fits the bytes. Never empty.
 */
export function cleanName(name: string, type: FileType): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  // eslint-disable-next-line no-control-regex -- taking control characters out is the point
  const plain = last.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '').replace(/[<>:"|?*;%]/g, '-').replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '').replace(/\s+/g, ' ').replace(/^[.\s-]+|[.\s]+$/g, '');
  const ending = /\.([^.\s]{1,8})$/.exec(plain)?.[1]?.toLowerCase();
  const fits = ending !== undefined && [type.extension, ...(type.also ?? [])].includes(ending);
  const stem = fits ? plain.slice(0, plain.lastIndexOf('.')) : plain;
  const safe = RESERVED.test(stem) ? `_${stem}` : stem;
  const kept = [...safe].slice(0, MAX_NAME).join('').replace(/[.\s]+$/, '') || 'tep';
  return `${kept}.${fits ? ending : type.extension}`;
}
