/* global document, fetch, EventSource, URLSearchParams, location, history, setInterval */
import { Phone } from '/simulator/phone.js';

const { people, first } = await (await fetch('/simulator/people')).json();
const places = [
  { key: 'trai', label: 'Điện thoại bên trái', start: first.left },
  { key: 'phai', label: 'Điện thoại bên phải', start: first.right },
];

/** Who lies where stands in the address ("?trai=P12.zalo"), so that a reload or a shared link shows the same. */
const chosen = new URLSearchParams(location.search);
const startOf = ({ key, start }) => {
  const [person, channel] = (chosen.get(key) ?? '').split('.');
  const known = people.some((p) => p.id === person && p.phones[channel]);
  return known ? { person, channel } : start;
};
const remember = (key) => ({ person, channel }) => {
  chosen.set(key, `${person}.${channel}`);
  history.replaceState(null, '', `?${chosen}`);
};

const phones = places.map((place) => new Phone({ people, template: document.getElementById('phone-template'), label: place.label, start: startOf(place), remember: remember(place.key) }));
document.getElementById('table').append(...phones.map((phone) => phone.root));

const tick = () => phones.forEach((phone) => phone.tick());
setInterval(tick, 5_000);
tick();

const events = new EventSource('/simulator/events');
events.onopen = () => {
  document.getElementById('offline').hidden = true;
  // Whatever came while the line was down.
  phones.forEach((phone) => void phone.refresh());
};
events.onerror = () => (document.getElementById('offline').hidden = false);
events.onmessage = ({ data }) => {
  const { person, channel } = JSON.parse(data);
  for (const phone of phones) if (phone.person === person && phone.channel === channel) void phone.refresh();
};
document.addEventListener('visibilitychange', () => !document.hidden && phones.forEach((phone) => void phone.refresh()));
