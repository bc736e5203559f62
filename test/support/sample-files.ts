/** Small files that are what they say. */
export const pdf = (size = 200): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(Math.max(0, size - 9), 0x20)]);
export const png = (size = 200): Buffer => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(Math.max(0, size - 8))]);
export const jpeg = (size = 200): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(Math.max(0, size - 4))]);
/** The beginning of a Word document, with the names of its parts. */
export const docx = (): Buffer => Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(26), Buffer.from('[Content_Types].xml…word/document.xml')]);
export const html = (): Buffer => Buffer.from('<html><script>alert(1)</script></html>');
