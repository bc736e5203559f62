/* global document, fetch */
import { clock, dayOf, make, readFile, sizeText, withMarks } from '/simulator/dom.js';

const channelNames = { zalo: 'Zalo', telegram: 'Telegram', 'zalo-bot': 'Zalo Bot', zbs: 'Tin mẫu Zalo (ZBS)', sms: 'SMS', email: 'thư điện tử' };
/** Phones that are only read. */
const silent = ['zbs'];
/** From before the opening: can be read, neither answered nor tapped. */
const HISTORY = 'lich-su:';
const suggestions = ['/nhiemvu', '/capnhat', '/trogiup'];
/** As much as the server takes (FILE_LIMIT in register.ts). */
const MOST_BYTES = 20_000_000;
/** Why something did not leave, by the server's answer. */
const refusals = { 413: 'Chưa gửi được: tệp quá lớn. Mô phỏng chuyển được tệp đến 20 MB, hệ thống nhận tệp đến 10 MB.', 409: 'Chưa gửi được: tin này không trả lời được nữa.', 404: 'Chưa gửi được: điện thoại này không có kênh đang chọn.' };
/** How the house says what to answer by SMS: "soan CO HOP-7 hoac VANG HOP-7 ly do, gui …". */
const smsAnswers = /soan ((?:CO|DA NHAN) (?:HOP|NV)-\d+) hoac ((?:VANG )?(?:HOP|NV)-\d+ (?:70 )?)/;

/** "Giám đốc" for "Giám đốc Sở Tài chính": the agency stands above in the list. */
const postOf = ({ position, group }) => position.replace(group, '').replace(/[\s,]+$/, '') || position;

/** One phone on the table: shows one person's chat on one channel and acts for them. `remember` keeps the choice. */
export class Phone {
  constructor({ people, template, label, start, remember }) {
    this.people = people;
    this.remember = remember;
    this.messages = [];
    this.known = new Set();
    this.replyTo = null;
    this.root = template.content.firstElementChild.cloneNode(true);
    this.root.setAttribute('aria-label', label);
    this.find = (selector) => this.root.querySelector(selector);
    this.fillPeople();
    this.listen();
    this.show(start.person, start.channel);
  }

  get address() {
    return `/simulator/phones/${this.channel}/${this.person}`;
  }

  fillPeople() {
    const groups = Map.groupBy ? Map.groupBy(this.people, (p) => p.group) : this.people.reduce((m, p) => m.set(p.group, [...(m.get(p.group) ?? []), p]), new Map());
    for (const [name, members] of groups) {
      const options = members.map((p) => make('option', { value: p.id, textContent: `${p.name} — ${postOf(p)}` }));
      this.find('.who').append(make('optgroup', { label: name }, ...options));
    }
  }

  listen() {
    this.find('.who').addEventListener('change', (event) => this.show(event.target.value, this.homeOf(event.target.value)));
    for (const button of this.root.querySelectorAll('.switch button')) button.addEventListener('click', () => this.show(this.person, button.dataset.channel));
    this.find('.compose').addEventListener('submit', (event) => {
      event.preventDefault();
      const input = this.find('.text');
      const text = input.value.trim();
      input.value = '';
      if (text) void this.say(text);
    });
    this.find('.clip input').addEventListener('change', (event) => this.attach(event.target));
    this.find('.quote button').addEventListener('click', () => this.quote(null));
    // Whoever scrolls back to read is left in peace until they come down again or act.
    const chat = this.find('.chat');
    chat.addEventListener('scroll', () => (this.atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 60));
  }

  /** Commands in a chat; by SMS what the newest text that asks for an answer says to type. */
  drawChips() {
    const chips = this.find('.chips');
    if (this.channel !== 'sms') return chips.replaceChildren(...suggestions.map((text) => make('button', { type: 'button', textContent: text, onclick: () => this.suggest(text) })));
    const [, yes, rest] = this.messages.map(({ from, text }) => (from === 'bot' ? smsAnswers.exec(text) : null)).findLast(Boolean) ?? [];
    chips.hidden = !yes;
    if (yes) chips.replaceChildren(make('button', { type: 'button', textContent: yes, onclick: () => this.say(yes) }), make('button', { type: 'button', textContent: `${rest.trim()} …`, onclick: () => this.begin(rest) }));
  }

  /** A phone opens where its owner reads. */
  homeOf(person) {
    const { home = 'zalo', phones = {} } = this.who(person);
    return phones[home] ? home : 'zalo';
  }

  who(person = this.person) {
    return this.people.find((p) => p.id === person) ?? {};
  }

  show(person, channel) {
    Object.assign(this, { person, channel, messages: [], known: new Set() });
    this.remember({ person, channel });
    this.root.dataset.channel = channel;
    this.find('.who').value = person;
    this.find('.field span').textContent = `Điện thoại của · ${this.who().group ?? ''}`;
    for (const button of this.root.querySelectorAll('.switch button')) button.setAttribute('aria-pressed', String(button.dataset.channel === channel));
    this.find('.letters').hidden = !this.who().mailbox;
    this.find('.letters').href = `/simulator/mail?hop=${person}`;
    this.find('.sub').textContent = `${channelNames[channel]} · UBND tỉnh Lào Cai`;
    this.find('.chat').setAttribute('aria-label', `Cuộc trò chuyện của ${this.people.find((p) => p.id === person)?.name ?? ''}`);
    const readOnly = silent.includes(channel);
    for (const part of ['.compose', '.chips']) this.find(part).hidden = readOnly;
    this.find('.clip').hidden = channel === 'sms';
    this.drawChips();
    const phones = this.people.find((p) => p.id === person)?.phones ?? {};
    for (const button of this.root.querySelectorAll('.switch button')) button.hidden = !phones[button.dataset.channel];
    this.quote(null);
    this.warn('');
    this.first = true;
    this.atEnd = true;
    void this.refresh();
  }

  /** Asks for the messages anew; the answer counts only if the phone has not changed hands meanwhile. */
  async refresh() {
    const asked = this.address;
    const answer = await fetch(asked);
    if (!answer.ok || asked !== this.address) return;
    this.messages = await answer.json();
    if (asked === this.address) this.draw();
  }

  draw() {
    const chat = this.find('.chat');
    const atEnd = this.atEnd;
    const lines = [];
    let day = '';
    for (const message of this.messages) {
      const on = dayOf.format(new Date(message.at));
      if (on !== day) lines.push(make('li', { className: 'day', textContent: on === dayOf.format(new Date()) ? 'Hôm nay' : on }));
      day = on;
      lines.push(this.bubble(message));
      this.known.add(message.id);
    }
    if (lines.length === 0) lines.push(make('li', { className: 'empty', textContent: `Chưa có tin trên kênh này; đồng chí đọc tin qua ${channelNames[this.who().home ?? 'zalo']}.` }));
    chat.replaceChildren(...lines);
    if (atEnd) chat.scrollTop = chat.scrollHeight;
    this.first = false;
    if (this.channel === 'sms') this.drawChips();
    if (!document.hidden) void this.post('look');
  }

  bubble(message) {
    const fixed = silent.includes(this.channel) || this.channel === 'sms' || message.id.startsWith(HISTORY);
    const text = fixed ? make('div', { className: 'bubble' }) : make('button', { type: 'button', className: 'bubble', title: 'Trả lời tin này', onclick: () => this.quote(message) });
    if (message.attachment) text.append(make('span', { className: 'file' }, ...withMarks(`📎 ${message.attachment.name} (${sizeText(message.attachment.size)})`)));
    text.append(...withMarks(message.text), ...(message.note ? [make('small', { className: 'note', textContent: message.note })] : []), make('time', { dateTime: message.at, textContent: `${message.edited ? 'đã sửa ' : ''}${clock.format(new Date(message.at))}` }));
    const line = make('li', { className: `${message.from}${!this.first && !this.known.has(message.id) ? ' fresh' : ''}` }, text);
    if (message.buttons.length > 0) line.append(make('div', { className: 'buttons' }, ...message.buttons.map((b, i) => this.button(message, b, i))));
    return line;
  }

  button(message, { label, url }, index) {
    if (url) return make('a', { href: url, target: '_blank', rel: 'noreferrer', textContent: label });
    return make('button', { type: 'button', textContent: label, onclick: () => this.post('tap', { messageId: message.id, index }) });
  }

  quote(message) {
    this.replyTo = message?.id ?? null;
    this.find('.quote').hidden = !message;
    if (!message) return;
    this.find('.quote span').textContent = `Trả lời: ${message.text.split('\n')[0]}`;
    this.find('.text').focus();
  }

  /** "/capnhat" needs a number and words: put in front of the newest task on the screen and left to be finished. */
  suggest(text) {
    if (text !== '/capnhat') return this.say(text);
    const code = this.messages.map((m) => /NV-\d{4}-\d{5}/.exec(m.text)?.[0]).findLast(Boolean);
    this.begin(code ? `/capnhat ${code} 70% ` : '/capnhat ');
  }

  /** Words to be finished by hand. */
  begin(words) {
    const input = this.find('.text');
    input.value = words;
    input.focus();
  }

  async say(text) {
    const replyTo = this.replyTo;
    this.quote(null);
    await this.post('say', replyTo ? { text, replyTo } : { text });
  }

  async attach(input) {
    const file = input.files[0];
    input.value = '';
    if (!file) return;
    // The server would refuse it, and the browser might lose that answer while it still sends.
    if (file.size > MOST_BYTES) return this.warn(refusals[413]);
    await this.post('attach', await readFile(file));
  }

  async post(action, body) {
    if (action !== 'look') this.atEnd = true;
    const address = `${this.address}/${action}`;
    const answer = await fetch(address, body ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : { method: 'POST' }).catch(() => null);
    if (action !== 'look') this.warn(answer?.ok ? '' : (refusals[answer?.status] ?? 'Chưa gửi được, đề nghị thử lại.'));
    return answer;
  }

  /** What did not leave the phone, until the next thing does. */
  warn(words) {
    const line = this.find('.refused');
    line.hidden = words === '';
    line.textContent = words;
  }

  tick() {
    this.find('.clock').textContent = clock.format(new Date());
  }
}
