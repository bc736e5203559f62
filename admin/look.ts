/** The colours of the back office (AA on white). Red means hỏa tốc or quá hạn and nothing else. */
export const palette = {
  ink: '#1b2733',
  muted: '#5b6b7a',
  line: '#dde3ea',
  ground: '#f6f8fa',
  card: '#ffffff',
  accent: '#0b5cad',
  red: '#c8102e',
  green: '#1a7f4b',
  amber: '#a26000',
  orange: '#b84a08',
} as const;

/** A time tag as people meet it: always words, colour and a small shape together. */
export interface TagLook {
  words: string;
  colour: string;
  /** Reads without colour: on paper, in grey, for the colour-blind. */
  shape: string;
}

/** By the codes of directives/time-tag.ts. */
export const tagLooks: Readonly<Record<string, TagLook>> = {
  overdue: { words: 'Quá hạn', colour: palette.red, shape: '▲' },
  'due-soon': { words: 'Sắp đến hạn', colour: palette.amber, shape: '◆' },
  'on-track': { words: 'Trong hạn', colour: palette.accent, shape: '●' },
  'no-deadline': { words: 'Không hạn', colour: palette.muted, shape: '○' },
  paused: { words: 'Tạm dừng', colour: palette.muted, shape: '‖' },
  'on-time': { words: 'Đúng hạn', colour: palette.green, shape: '✓' },
  late: { words: 'Hoàn thành trễ', colour: palette.orange, shape: '✗' },
};
