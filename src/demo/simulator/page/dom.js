/* global document, FileReader */

const zone = { timeZone: 'Asia/Ho_Chi_Minh' };
/** "09:12" and "20/11/2026" in Vietnam. */
export const clock = new Intl.DateTimeFormat('vi-VN', { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
export const dayOf = new Intl.DateTimeFormat('vi-VN', { ...zone, day: '2-digit', month: '2-digit', year: 'numeric' });

/** A node with its properties and children. */
export const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

/** The few marks our messages begin with, drawn here: not every machine has a font with emoji. */
const marks = {
  '🔴': '<circle cx="12" cy="12" r="9" fill="#c8102e"/>',
  '🟠': '<circle cx="12" cy="12" r="9" fill="#d97706"/>',
  '🔔': '<path d="M12 3a6 6 0 0 0-6 6v5l-2 3h16l-2-3V9a6 6 0 0 0-6-6z" fill="#d99a00"/><path d="M9.5 19a2.6 2.6 0 0 0 5 0z" fill="#8a6100"/>',
  '📅': '<rect x="3" y="5" width="18" height="16" rx="2" fill="#fff" stroke="#5b6b7a" stroke-width="1.5"/><path d="M3 7a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v3H3z" fill="#c8102e"/><path d="M7 14h3M14 14h3M7 17h3" stroke="#5b6b7a" stroke-width="1.5"/>',
  '✅': '<rect x="3" y="3" width="18" height="18" rx="4" fill="#1a7f4b"/><path d="M7.5 12.5l3 3 6-7" fill="none" stroke="#fff" stroke-width="2.5"/>',
  '⚠️': '<path d="M12 3 22 21H2z" fill="#f2b300"/><path d="M12 9v6M12 17v1.5" stroke="#1b2733" stroke-width="2"/>',
  '📎': '<path d="M8 12.5 14.5 6a3 3 0 0 1 4.3 4.3l-8.3 8.200a5 5 0 0 1-7-7L11 4" fill="none" stroke="#5b6b7a" stroke-width="2"/>',
};

/** A text in which the marks are drawings. */
export function withMarks(text) {
  return text.split(/(🔴|🟠|🔔|📅|✅|⚠️|📎)/u).map((part) => {
    if (!marks[part]) return part;
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${marks[part]}</svg>`;
    return make('img', { className: 'mark', alt: part, src: `data:image/svg+xml,${encodeURIComponent(drawing)}` });
  });
}

/** A chosen file as the server takes it. */
export async function readFile(file) {
  const data = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.readAsDataURL(file);
  });
  return { name: file.name, type: file.type || 'application/octet-stream', data };
}

/** "340 KB". */
export const sizeText = (bytes) => `${Math.max(1, Math.round(bytes / 1000))} KB`;
