import { useNotice, type ActionJSON, type RecordJSON } from 'adminjs';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { actionUrl, newNonce, pageUrl, press, type Answer } from './api.js';

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
export function ActionButton({ action, words, recordId, onDone }: { action: ActionJSON; words: string; recordId?: string; onDone?: (answer: Answer) => void }) {
  if ((action.custom as Custom).direct && recordId) return <PressButton className={looks(action)} url={actionUrl(action.resourceId, action.name, recordId)} words={words} onDone={onDone} />;
  const to = recordId ? pageUrl(action.resourceId, recordId, action.name) : `/admin/resources/${action.resourceId}/actions/${action.name}`;
  return (
    <Link className={looks(action)} to={to}>
      {words}
    </Link>
  );
}

/** Posts at once; while it works it cannot be pressed again, and a repeat after a failure does nothing twice. */
export function PressButton({ className, url, words, form = {}, onDone }: { className: string; url: string; words: string; form?: Record<string, unknown>; onDone?: ((answer: Answer) => void) | undefined }) {
  const addNotice = useNotice();
  const [busy, setBusy] = useState(false);
  const [nonce, setNonce] = useState(newNonce);
  const go = async () => {
    setBusy(true);
    const answer = await press(url, { ...form, nonce });
    setBusy(false);
    if (answer.notice) addNotice(answer.notice);
    if (answer.notice?.type !== 'success') return;
    setNonce(newNonce());
    onDone?.(answer);
  };
  return (
    <button type="button" className={className} disabled={busy} onClick={() => void go()}>
      {busy ? 'Đang thực hiện…' : words}
    </button>
  );
}

/** The buttons a record has now: a deed may have changed which there are. */
export function useActions(record: RecordJSON | undefined): { actions: ActionJSON[]; take: (answer: Answer) => void } {
  const [fresh, setFresh] = useState<RecordJSON>();
  const actions = (fresh ?? record)?.recordActions.filter(({ name }) => name !== 'show') ?? [];
  return { actions, take: (answer) => answer.record && setFresh(answer.record) };
}
