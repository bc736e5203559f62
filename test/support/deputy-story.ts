import { expect } from 'vitest';
import { openWorld, type StoryPerson, type World } from './world.js';

/** Three leaders of whom one may stand in for another: An and Bình of the Sở Tài chính, and a third. */
export interface DeputyStory {
  w: World;
  an: StoryPerson;
  binh: StoryPerson;
  cuong: StoryPerson;
  /** Away from the day before until the end of the month; Bình acts for them. What that makes people hear is not looked at. */
  onLeave(person: StoryPerson): Promise<void>;
  /** What everybody was told so far is not looked at. */
  forget(): void;
}

interface Wishes {
  /** Bình's chat. */
  binh?: 'telegram' | 'zalo';
  cuong: { position: string; agencyCode: 'STC' | 'VP'; channel?: 'zalo' };
}

/** The house with its channels at 09:00 in Vietnam on Thursday 19/11/2026, without quiet hours. */
export async function openDeputyStory(wishes: Wishes): Promise<DeputyStory> {
  const w = await openWorld('2026-11-19T02:00:00Z', { QUIET_HOURS: 'off' });
  await w.agency('VP', 'Văn phòng UBND tỉnh', 'office');
  await w.agency('STC', 'Sở Tài chính');
  const an = await w.person({ name: 'An', position: 'Giám đốc', agencyCode: 'STC', roles: ['leader'] });
  const binh = await w.person({ name: 'Bình', position: 'Phó Giám đốc', agencyCode: 'STC', roles: ['leader'] }, wishes.binh);
  const cuong = await w.person({ name: 'Cường', position: wishes.cuong.position, agencyCode: wishes.cuong.agencyCode, roles: ['leader'] }, wishes.cuong.channel);
  const forget = () => {
    for (const one of [an, binh, cuong]) w.heard(one);
  };
  const onLeave = async (person: StoryPerson) => {
    const { status } = await w.api('POST', `/api/v1/people/${person.id}/change`, { deputyId: binh.id, leave: { from: '2026-11-18T00:00:00+07:00', until: '2026-11-30T00:00:00+07:00' } });
    expect(status).toBe(200);
    await w.settle();
    forget();
  };
  return { w, an, binh, cuong, onLeave, forget };
}
