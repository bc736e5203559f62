/* global document, fetch, EventSource, URLSearchParams, location, history */
import { clock, dayOf, make } from '/simulator/dom.js';
import { LetterView } from '/simulator/letter.js';

const at = (id) => document.getElementById(id);
const desk = at('desk');

/** Which mailbox and letter lie open stands in the address ("?hop=P39&thu=12"), so that a reload or a shared link shows the same. */
const chosen = new URLSearchParams(location.search);
const remember = () => history.replaceState(null, '', `?${chosen}`);

const view = new LetterView({ root: at('letter'), template: at('letter-template'), back: () => show(null), sent: () => void refresh() });
let boxes = [];
let letters = [];

async function loadBoxes() {
  const answer = await (await fetch('/simulator/mailboxes')).json();
  boxes = answer.boxes;
  if (!boxes.some(({ id }) => id === chosen.get('hop'))) {
    chosen.set('hop', answer.first);
    chosen.delete('thu');
  }
  drawBoxes();
}

function drawBoxes() {
  const groups = boxes.reduce((all, box) => all.set(box.group, [...(all.get(box.group) ?? []), box]), new Map());
  const label = ({ name, position, unopened }) => `${name}${position ? ` — ${position}` : ''}${unopened > 0 ? ` (${unopened} thư mới)` : ''}`;
  at('box').replaceChildren(...[...groups].map(([name, members]) => make('optgroup', { label: name }, ...members.map((box) => make('option', { value: box.id, textContent: label(box), selected: box.id === chosen.get('hop') })))));
  const open = boxes.find(({ id }) => id === chosen.get('hop'));
  // The list itself may be too narrow for the post.
  at('address').textContent = open ? [open.position, open.address].filter(Boolean).join(' · ') : 'Bản chạy này không có hộp thư.';
}

/** Asks for the list anew; the answer counts only if the same mailbox is still open. */
async function refresh() {
  const box = chosen.get('hop');
  if (!box) return;
  const answer = await fetch(`/simulator/mailboxes/${box}`);
  if (!answer.ok || box !== chosen.get('hop')) return;
  letters = await answer.json();
  drawList();
}

function drawList() {
  const open = Number(chosen.get('thu'));
  const today = dayOf.format(new Date());
  const line = (letter) => {
    const when = new Date(letter.at);
    const day = dayOf.format(when);
    const marks = `${letter.invitation ? ' · lời mời' : ''}${letter.files > 0 ? ` · ${letter.files} tệp` : ''}`;
    return make('li', {}, make('button', { type: 'button', className: letter.unopened ? 'fresh-letter' : '', ariaCurrent: String(letter.number === open), onclick: () => show(letter.number) },
      make('i', { className: 'dot', title: letter.unopened ? 'Chưa đọc' : '' }),
      make('span', { className: 'from', textContent: `${letter.sent ? 'Đã gửi tới ' : ''}${letter.who}${marks}` }),
      make('time', { dateTime: letter.at, textContent: day === today ? clock.format(when) : day.slice(0, 5) }),
      make('span', { className: 'about', textContent: letter.subject }),
      make('span', { className: 'preview', textContent: letter.preview })));
  };
  at('letters').replaceChildren(...(letters.length > 0 ? letters.map(line) : [make('li', { className: 'empty', textContent: 'Chưa có thư.' })]));
}

/** Opens a letter of the open mailbox; null: back to the list. */
async function show(number) {
  if (number) chosen.set('thu', number);
  else chosen.delete('thu');
  remember();
  desk.dataset.view = number ? 'letter' : 'list';
  drawList();
  await view.show(chosen.get('hop'), number);
}

at('box').addEventListener('change', async ({ target }) => {
  chosen.set('hop', target.value);
  letters = [];
  await show(null);
  drawBoxes();
  await refresh();
});

await loadBoxes();
await show(Number(chosen.get('thu')) || null);
await refresh();

const events = new EventSource('/simulator/events');
events.onopen = () => {
  at('offline').hidden = true;
  // Whatever came while the line was down.
  void refresh();
};
events.onerror = () => (at('offline').hidden = false);
events.onmessage = async ({ data }) => {
  const { person, channel } = JSON.parse(data);
  if (channel !== 'email') return;
  if (person === chosen.get('hop')) await refresh();
  await loadBoxes();
};
