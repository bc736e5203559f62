/* global fetch, setTimeout, window, URL */
import { clock, dayOf, make, readFile, sizeText, withMarks } from '/simulator/dom.js';

const TOO_LARGE = 'Chưa gửi được: tệp quá lớn, mô phỏng chuyển được tệp đến 5 MB.';
const moment = (at) => `${dayOf.format(new Date(at))} ${clock.format(new Date(at))}`;

/** One open letter: the page as sent in a frame without scripts, its text, its files, its invitation, and the answer to it. */
export class LetterView {
  /** `back` leads to the list; `sent` is told after an answer left. */
  constructor({ root, template, back, sent }) {
    Object.assign(this, { root, template, back, sent, address: null });
    this.nothing = [...root.children];
    this.find = (selector) => this.root.querySelector(selector);
  }

  /** Shows letter `number` of `box`; null: none. The answer of the server counts only while the same letter is wanted. */
  async show(box, number) {
    const address = number ? `/simulator/mailboxes/${box}/letters/${number}` : null;
    if (address !== null && address === this.address) return;
    this.address = address;
    if (!address) return this.root.replaceChildren(...this.nothing);
    const answer = await fetch(address);
    if (address !== this.address) return;
    if (!answer.ok) return this.root.replaceChildren(...this.nothing);
    this.draw(await answer.json());
  }

  draw(letter) {
    this.root.replaceChildren(this.template.content.cloneNode(true));
    this.root.scrollTop = 0;
    this.find('.back').onclick = this.back;
    this.find('.subject').textContent = letter.subject;
    this.find('.facts').textContent = `Từ ${letter.from.name} <${letter.from.address}> · tới ${letter.to} · ${moment(letter.at)}`;
    this.find('.files').append(...letter.attachments.map(({ name, size }, n) => make('li', {}, make('a', { href: `${this.address}/files/${n}`, target: '_blank', rel: 'noopener' }, ...withMarks(`📎 ${name} (${sizeText(size)})`)))));
    this.find('.plain').append(...withMarks(letter.text));
    this.drawInvitation(letter);
    this.drawForms(letter);
    this.drawAnswer(letter);
  }

  drawInvitation({ invitation, sent }) {
    if (!invitation || sent) return;
    const off = invitation.method === 'CANCEL';
    const part = this.find('.invitation');
    part.hidden = false;
    part.classList.toggle('off', off);
    this.find('.what').textContent = `${off ? 'Đã hủy: ' : ''}${invitation.title}`;
    this.find('.when').textContent = invitation.startsAt ? moment(invitation.startsAt) : '';
    this.find('.where').textContent = invitation.place;
    this.find('.ics').href = `${this.address}/invitation.ics`;
    for (const button of part.querySelectorAll('[data-answer]')) {
      button.hidden = off;
      button.onclick = () => this.send('respond', { answer: button.dataset.answer }, `Lịch đã trả lời “${button.textContent}”; thư trả lời đã gửi tới Văn phòng.`);
    }
  }

  /** The page as sent, and the text beside it that programs without pages show. */
  drawForms({ hasPage }) {
    const frame = this.find('.page');
    const choose = (form) => {
      frame.hidden = form !== 'page';
      this.find('.plain').hidden = form === 'page';
      for (const button of this.root.querySelectorAll('.forms button')) button.setAttribute('aria-pressed', String(button.dataset.form === form));
    };
    for (const button of this.root.querySelectorAll('.forms button')) button.onclick = () => choose(button.dataset.form);
    this.find('.forms').hidden = !hasPage;
    choose(hasPage ? 'page' : 'text');
    if (!hasPage) return;
    frame.onload = () => this.settle(frame);
    frame.src = `${this.address}/page`;
  }

  /** The frame gets as high as its page; links do what they would do in a mail program. */
  settle(frame) {
    const page = frame.contentDocument;
    if (!page?.body) return;
    const fit = () => (frame.style.height = `${Math.max(160, page.documentElement.scrollHeight + 2)}px`);
    fit();
    setTimeout(fit, 200);
    page.addEventListener('click', (event) => {
      const link = event.target.closest?.('a[href]');
      if (!link) return;
      event.preventDefault();
      if (link.href.startsWith('mailto:')) this.begin(new URL(link.href).searchParams.get('body') ?? '');
      else window.open(link.href, '_blank', 'noopener');
    });
  }

  drawAnswer({ sent, replyTo, from, invitation, subject }) {
    const form = this.find('.answer');
    form.hidden = sent;
    if (invitation || /HOP-\d{4}-\d{5}/.test(subject)) form.querySelector('textarea').placeholder = 'Ví dụ: Tham dự, hoặc Vắng: lý do';
    this.find('.to').textContent = `Trả lời tới ${replyTo}${replyTo === from.address ? ' (thư này không nhận trả lời)' : ''}`;
    const file = form.querySelector('input[type=file]');
    file.onchange = () => (this.find('.picked').textContent = file.files[0] ? `${file.files[0].name} (${sizeText(file.files[0].size)})` : 'Kèm tệp');
    form.onsubmit = async (event) => {
      event.preventDefault();
      const text = form.querySelector('textarea').value.trim();
      const [first] = file.files;
      if (first?.size > 5_000_000) return this.said(TOO_LARGE, true);
      if (text || first) await this.send('reply', { text, ...(first ? { file: await readFile(first) } : {}) }, 'Thư trả lời đã gửi tới Văn phòng. Ít giây nữa hệ thống đọc và gửi thư xác nhận.', () => form.reset());
    };
  }

  /** An answer begun by a button in the letter: the cursor stands where the words go. */
  begin(words) {
    const box = this.find('.answer textarea');
    box.value = words;
    box.focus();
    const place = words.startsWith('%') ? 0 : words.length;
    box.setSelectionRange(place, place);
    box.scrollIntoView({ block: 'nearest' });
  }

  /** Under the form: what became of the answer. */
  said(words, bad) {
    const line = this.find('.said');
    line.hidden = false;
    line.classList.toggle('bad', bad);
    line.textContent = words;
  }

  async send(what, body, words, done = () => {}) {
    const answer = await fetch(`${this.address}/${what}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    this.said(answer.ok ? words : answer.status === 413 ? TOO_LARGE : 'Chưa gửi được; máy chủ thư từ chối.', !answer.ok);
    if (!answer.ok) return;
    done();
    this.find('.picked').textContent = 'Kèm tệp';
    this.sent();
  }
}
