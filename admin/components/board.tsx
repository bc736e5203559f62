import { useNotice } from 'adminjs';
import { useState } from 'react';
import { actionUrl, newNonce, press } from './api.js';
import { PressButton } from './buttons.js';
import { Badge } from './parts.js';

/** One person invited, as details/meeting-detail.ts tells it. */
export interface BoardLineData {
  personId: string;
  name: string;
  position: string;
  phone: string;
  confirmed: boolean;
  answer: string;
  note: string;
  at: string;
  via: string;
  /** Their leave and who stands in, where they are away now or then. */
  away?: string;
  /** Words that were not understood and do not count, oldest first. */
  wrote?: string[];
}

interface BoardProps {
  code: string;
  lines: BoardLineData[];
  may: { remind: boolean; confirm: boolean };
  onDone: () => void;
}

/** Who has confirmed; for those who have not, the phone and what the office can do about it. */
export function Board({ code, lines, may, onDone }: BoardProps) {
  return (
    <table className="nv-table nv-cards">
      <thead>
        <tr><th>Người dự</th><th>Phản hồi</th><th>Lúc</th><th>Điện thoại</th></tr>
      </thead>
      <tbody>{lines.map((line) => <BoardLine key={line.personId} code={code} line={line} may={may} onDone={onDone} />)}</tbody>
    </table>
  );
}

function BoardLine({ code, line, may, onDone }: { line: BoardLineData } & Omit<BoardProps, 'lines'>) {
  const [calling, setCalling] = useState(false);
  const done = () => {
    setCalling(false);
    onDone();
  };
  return (
    <tr>
      <td className="first">
        <div>
          <strong>{line.name}</strong>
          <span className="nv-note">{line.position}</span>
          {line.away ? <span className="nv-note nv-told warn">{line.away}</span> : null}
          {calling ? <PhoneAnswer code={code} line={line} onDone={done} onClose={() => setCalling(false)} /> : <RowActions code={code} line={line} may={may} onCall={() => setCalling(true)} onDone={onDone} />}
        </div>
      </td>
      <td data-label="Phản hồi"><div><Badge tone={!line.confirmed ? 'warn' : line.answer === 'Vắng' ? 'quiet' : 'good'}>{line.answer}</Badge>{line.note ? <span className="nv-note">{line.note}</span> : null}{(line.wrote ?? []).map((words) => <span key={words} className="nv-note nv-told warn">{words}</span>)}</div></td>
      <td data-label="Lúc" className={line.at ? '' : 'blank'}><div>{line.at}{line.via ? <span className="nv-note">{line.via}</span> : null}</div></td>
      <td data-label="Điện thoại" className={line.phone ? '' : 'blank'}>{line.phone ? <a style={{ whiteSpace: 'nowrap' }} href={`tel:${line.phone.replace(/\s/g, '')}`}>{line.phone}</a> : null}</td>
    </tr>
  );
}

function RowActions({ code, line, may, onCall, onDone }: { line: BoardLineData; code: string; may: BoardProps['may']; onCall: () => void; onDone: () => void }) {
  const form = { personId: line.personId };
  if (!may.remind && !may.confirm) return null;
  return (
    <div className="nv-row-actions">
      {may.remind && !line.confirmed ? <PressButton className="nv-button small" url={actionUrl('Meeting', 'remindAttendee', code)} words="Nhắc lại" form={form} onDone={onDone} /> : null}
      {/* A mind may be changed by telephone too; the page keeps both answers. */}
      {may.confirm ? <button type="button" className="nv-button small" onClick={onCall}>{line.answer === 'Tham dự' || line.answer === 'Vắng' ? 'Ghi trả lời khác' : 'Đã xác nhận qua điện thoại'}</button> : null}
    </div>
  );
}

/** What was said on the phone: nothing is chosen beforehand, or one press would record what nobody said. */
function PhoneAnswer({ code, line, onDone, onClose }: { code: string; line: BoardLineData; onDone: () => void; onClose: () => void }) {
  const [answer, setAnswer] = useState('');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [nonce] = useState(newNonce);
  const addNotice = useNotice();
  const save = async () => {
    if (answer === '') return;
    setBusy(true);
    const said = await press(actionUrl('Meeting', 'phoneConfirm', code), { personId: line.personId, answer, note, nonce });
    setBusy(false);
    if (said.notice) addNotice(said.notice);
    if (said.notice?.type === 'success') onDone();
  };
  return (
    <form className="nv-row-form" onSubmit={(event) => { event.preventDefault(); if (!busy) void save(); }}>
      <select className="nv-input" aria-label={`Đồng chí ${line.name} trả lời`} value={answer} onChange={(event) => setAnswer(event.target.value)}>
        <option value="">Chọn câu trả lời</option>
        <option value="attending">Tham dự</option>
        <option value="absent">Vắng</option>
        <option value="received">Đã nhận, chưa trả lời</option>
      </select>
      <input className="nv-input" aria-label="Ghi chú" placeholder={answer === 'absent' ? 'Lý do, người dự thay' : 'Ghi chú (nếu có)'} value={note} onChange={(event) => setNote(event.target.value)} />
      <button type="submit" className="nv-button small primary" disabled={busy || answer === ''}>Ghi</button>
      <button type="button" className="nv-button small" onClick={onClose}>Thôi</button>
    </form>
  );
}
