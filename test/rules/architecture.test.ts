import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** Rooms by floor; value imports only point down. The README explains why. */
const floors: [floor: number, room: RegExp][] = [
  [7, /^src\/(main|app|database)\.ts$/],
  [7, /^src\/(demo|cli)\//],
  [6, /^(bots\/(telegram|zalo)|admin|src\/(mail|sms|jobs|http))\//],
  [5, /^(bots\/[\w-]+\.ts|bots\/commands\/|src\/(reports|intake)\/|src\/models\.ts)/],
  [4, /^src\/(directives|meetings|announcements|petitions|watch)\//],
  [3, /^src\/(inbox|delivery)\//],
  [2, /^src\/(people|audit|calendar|files)\//],
  [1, /^src\/(texts|db|ask|log|config\.ts|context\.ts)/],
  [0, /^src\/(kernel|embedded-mongo)\//],
];

/** Packages that live in one place only. */
const homes: [name: RegExp, home: RegExp][] = [
  [/^telegraf/, /^(bots\/telegram|src\/demo)\//],
  [/^undici$/, /^(bots\/zalo|src\/ask|src\/demo)\//],
  [/^smpp$/, /^src\/(sms|demo)\//],
  [/^nodemailer/, /^src\/mail\//],
  [/^(agenda|@agendajs)/, /^src\/jobs\//],
  [/^(adminjs|@adminjs)/, /^admin\//],
  [/^mongoose$/, /(\.model\.ts$|^src\/models\.ts$|^src\/db\/|^src\/delivery\/intent\.ts$|^admin\/)/],
  [/^lmdb/, /^src\/embedded-mongo\//],
];

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'));

const files = ['src', 'bots', 'admin'].flatMap(filesIn);
const floorOf = (file: string): number | undefined => floors.find(([, room]) => room.test(file))?.[0];
const roomOf = (file: string): string => (file.startsWith('admin/') ? 'admin' : file.split('/').slice(0, 2).join('/'));

interface Import {
  from: string;
  to: string;
}

const valueImports = (file: string): Import[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(?!type\b)([^;]*?)from\s+'([^']+)'/gms)]
    .filter(([, names]) => !/^\{(\s*type\s+[\w$]+(\s+as\s+\w+)?\s*,?)+\s*\}\s*$/s.test((names ?? '').trim()))
    .map(([, , to]) => ({ from: file, to: to ?? '' }));

const all = files.flatMap(valueImports);
const local = all
  .filter(({ to }) => to.startsWith('.'))
  .map(({ from, to }) => ({ from, to: normalize(join(dirname(from), to)).replaceAll('\\', '/').replace(/\.js$/, '.ts').replace(/\.jsx$/, '.tsx') }));

test('every file stands in a room of the house', () => {
  expect(files.filter((file) => floorOf(file) === undefined), 'put the file into a room named in the README, or add the room to the map').toEqual([]);
});

test('value imports only point down; use an argument, an intent or "import type" instead', () => {
  const wrong = local.filter(({ from, to }) => {
    const [a, b] = [floorOf(from), floorOf(to)];
    if (a === undefined || b === undefined || roomOf(from) === roomOf(to)) return false;
    return b > a || (a === b && a !== 7 && a !== 5 && a !== 2 && a !== 1 && a !== 3 && a !== 0);
  });
  expect(wrong).toEqual([]);
});

test('directives and meetings never know each other', () => {
  const rooms = ['src/directives', 'src/meetings', 'src/announcements', 'src/petitions'];
  expect(local.filter(({ from, to }) => rooms.includes(roomOf(from)) && rooms.includes(roomOf(to)) && roomOf(from) !== roomOf(to))).toEqual([]);
});

test('the embedded database knows nothing of the project', () => {
  expect(local.filter(({ from, to }) => from.startsWith('src/embedded-mongo/') && !to.startsWith('src/embedded-mongo/'))).toEqual([]);
});

test('packages stay in their homes', () => {
  const strays = all.filter(({ from, to }) => homes.some(([name, home]) => name.test(to) && !home.test(from)));
  expect(strays).toEqual([]);
});

test('the present moment, chance and the environment each come through one door', () => {
  const rules: [what: RegExp, allowed: RegExp, instead: string][] = [
    [/new Date\(\)|\bDate\.now\(\)/, /^(src\/kernel\/clock\.ts|src\/embedded-mongo\/engine\/now\.ts|admin\/components\/|src\/demo\/)/, 'ctx.clock.now()'],
    [/Math\.random\(\)/, /^(src\/kernel\/random\.ts|admin\/components\/|src\/embedded-mongo\/)/, 'ctx.random'],
    [/process\.env\b/, /^(src\/config\.ts|src\/embedded-mongo\/cli\/|src\/demo\/main\.ts|admin\/bundle\.ts)/, 'config.ts'],
    [/console\./, /^(src\/main\.ts|src\/demo\/main\.ts|src\/embedded-mongo\/cli\/|admin\/components\/)/, 'ctx.log'],
  ];
  const broken = files.flatMap((file) => {
    const source = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');
    return rules.filter(([what, allowed]) => what.test(source) && !allowed.test(file)).map(([, , instead]) => `${file}: use ${instead}`);
  });
  expect(broken).toEqual([]);
});
