import { useNotice, type ActionJSON } from 'adminjs';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { actionUrl, newNonce, pageUrl, press } from './api.js';

interface Custom {
  primary?: boolean;
  danger?: boolean;
  direct?: boolean;
}

const looks = (action: ActionJSON): string => {
  const { primary, danger } = action.custom as Custom;
  return `nv-button ${primary ? 'primary' : ''} ${danger ? 'danger' : ''}`;
};

/** One of AdminJS's actions as a button: most open a screen, "direct" ones are pressed at once. */
export function ActionButton({ action, words, recordId, onDone }: { action: ActionJSON; words: string; recordId?: string; onDone?: () => void }) {
  if ((action.custom as Custom).direct && recordId) return <PressButton className={looks(action)} url={actionUrl(action.resourceId, action.name, recordId)} words={words} onDone={onDone} />;
  const to = recordId ? pageUrl(action.resourceId, recordId, action.name) : `/admin/resources/${action.resourceId}/actions/${action.name}`;
  return (
    <Link className={looks(action)} to={to}>
      {words}
    </Link>
  );
}

/** Posts at once; while it works it cannot be pressed again, and a repeat after a failure does nothing twice. */
export function PressButton({ className, url, words, onDone }: { className: string; url: string; words: string; onDone?: (() => void) | undefined }) {
  const addNotice = useNotice();
  const [busy, setBusy] = useState(false);
  const [nonce, setNonce] = useState(newNonce);
  const go = async () => {
    setBusy(true);
    const answer = await press(url, { nonce });
    setBusy(false);
    if (answer.notice) addNotice(answer.notice);
    if (answer.notice?.type !== 'success') return;
    setNonce(newNonce());
    onDone?.();
  };
  return (
    <button type="button" className={className} disabled={busy} onClick={() => void go()}>
      {busy ? 'Đang thực hiện…' : words}
    </button>
  );
}
