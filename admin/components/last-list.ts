const KEY = 'nhacviec:list:';

/** Remembers the address of a list as it is shown now, filters and page included, for as long as this tab lives. */
export function rememberList(): void {
  try {
    sessionStorage.setItem(KEY + window.location.pathname, window.location.search);
  } catch {
    // A browser that keeps nothing leads back to the whole list.
  }
}

/** Where "back to the list" leads: the list as it was last seen. */
export function asLastSeen(list: string): string {
  if (list.includes('?')) return list;
  try {
    return list + (sessionStorage.getItem(KEY + list) ?? '');
  } catch {
    return list;
  }
}
