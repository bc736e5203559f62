/** How far one instance's folder had come when it last renewed the mark. */
export interface FolderMark {
  folder: string;
  n: number;
}

/** What the mark in the database remembers of the folders outside; both missing: written by a version that kept only a number. */
export interface Remembered {
  n: number;
  /** The last folders that renewed the mark, the latest at the end. */
  folders?: FolderMark[];
  /** Folders that had come no further than this may be missing: they were crowded out, or the office has consented. */
  floor?: number;
}

/** More instances than ever run on one database; a container without a lasting folder has another one at every start. */
const KEPT = 50;

/**
 * True where the database does not know of what stands outside: it was put back. A number alone does not tell: an instance
 * whose own mark is old lifts it beyond the others' again. Each folder's mark is renewed by its own instance only, and only
 * after it has compared it; so one that the database knows less far, or not at all, was forgotten.
 */
export function forgets(epoch: Remembered, mirror: { n: number; folder?: string | undefined }): boolean {
  if (mirror.n > epoch.n) return true;
  if (mirror.folder === undefined || mirror.n <= (epoch.floor ?? 0)) return false;
  return !epoch.folders?.some(({ folder, n }) => folder === mirror.folder && n >= mirror.n);
}

/** What the mark remembers once this folder has renewed it; `consentedTo`: nothing outside up to there is missed any longer. */
export function remember(epoch: Remembered | null, own: FolderMark, consentedTo = 0): Required<Pick<Remembered, 'folders' | 'floor'>> {
  const floor = Math.max(epoch?.floor ?? 0, consentedTo);
  const all = [...(epoch?.folders ?? []).filter(({ folder, n }) => folder !== own.folder && n > floor), own];
  return { folders: all.slice(-KEPT), floor: Math.max(floor, ...all.slice(0, -KEPT).map(({ n }) => n)) };
}
