/** The part named "file" of a multipart body, or null where the body is not what Zalo wants. */
export function readFilePart(body: Buffer, contentType: string): { name: string; type: string; bytes: Uint8Array } | null {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (!boundary) return null;
  const start = body.indexOf(`--${boundary}`);
  const headEnd = body.indexOf('\r\n\r\n', start);
  const end = body.indexOf(`\r\n--${boundary}`, headEnd);
  if (start < 0 || headEnd < 0 || end < 0) return null;
  const head = body.subarray(start, headEnd).toString('utf8');
  const name = /name="file";\s*filename="([^"]*)"/.exec(head)?.[1];
  if (!name) return null;
  return { name, type: /content-type:\s*(\S+)/i.exec(head)?.[1] ?? '', bytes: body.subarray(headEnd + 4, end) };
}
