import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, type StoryChannel, type StoryPerson, type World } from '../support/world.js';

/** The main job, once over each chat channel: assigned, reminded, answered, seen by the Office. */
describe.each<StoryChannel>(['telegram', 'zalo'])('the main job over %s', (channel) => {
  let world: World;
  let leader: StoryPerson;
  let officer: StoryPerson;
  let monitor: StoryPerson;

  beforeEach(async () => {
    world = await openWorld('2026-11-19T02:00:00Z'); // Thursday 09:00 in Vietnam
    await world.agency('UBND', 'UBND tỉnh Lào Cai', 'province');
    await world.agency('VP', 'Văn phòng UBND tỉnh', 'office');
    await world.agency('STC', 'Sở Tài chính');
    leader = await world.person({ name: 'Hoàng Văn Dật', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'] }, channel);
    officer = await world.person({ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên Sở Tài chính', agencyCode: 'STC', roles: ['officer'] }, channel);
    monitor = await world.person({ name: 'Trần Thục Nhi', position: 'Chuyên viên Văn phòng UBND tỉnh', agencyCode: 'VP', roles: ['office'] }, channel);
  });

  afterEach(async () => {
    try {
      world.expectSilence();
    } finally {
      await world.close();
    }
  });

  const assign = async (dueOn: string): Promise<string> => {
    const answer = await world.api('POST', '/api/v1/directives', {
      symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Hà Minh Thụy', urgency: 'normal',
      summary: 'Đẩy nhanh giải ngân vốn đầu tư công năm 2026',
      tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', officerId: officer.id, monitorId: monitor.id, dueOn }],
    });
    expect(answer.status).toBe(201);
    const { tasks } = answer.body as { tasks: { code: string }[] };
    await world.settle();
    return tasks[0]?.code ?? '';
  };

  test('assigned -> told; the officer answers by command -> the Office hears it', async () => {
    const code = await assign('2026-12-04');
    expect(code).toBe('NV-2026-00001');
    for (const person of [leader, officer]) {
      const [told, ...more] = world.heard(person);
      expect(told?.text).toContain(code);
      expect(told?.text).toContain('04/12/2026');
      expect(told?.buttons.map((b) => b.label)).toContain('Cập nhật');
      expect(more).toEqual([]);
    }

    await world.say(officer, `/capnhat ${code} 70% đã họp với các chủ đầu tư`);
    expect(world.heard(officer)[0]?.text).toContain('70%');
    const [notice] = world.heard(monitor);
    expect(notice?.text).toContain(code);
    expect(notice?.text).toContain('đã họp với các chủ đầu tư');

    const task = await world.api('GET', `/api/v1/tasks/${code}`);
    expect(task.body).toMatchObject({ code, percent: 70, stage: 'in-progress', progress: [{ percent: 70, author: 'Nguyễn Tố Quyên', channel }] });
  });

  test('the working day before the deadline at 07:30 the leader is reminded; a tap and a sentence answer it', async () => {
    const code = await assign('2026-11-25'); // Wednesday; Tuesday 24/11 is a day off, so one working day before is Monday
    world.heard(leader);
    world.heard(officer);

    world.clock.set('2026-11-23T00:29:59Z');
    await world.settle();
    // Thursday 19/11 assigned; "3 working days before" was Thursday 19/11 06:30, already past. Nothing until Monday 07:30.
    world.expectSilence();

    world.clock.set('2026-11-23T00:35:00Z'); // and a few minutes, for not everybody is written to at once
    await world.settle();
    const [reminder] = world.heard(leader);
    expect(reminder?.text).toContain('Nhắc việc');
    expect(reminder?.text).toContain('còn 1 ngày làm việc');
    world.heard(officer);

    if (!reminder) throw new Error('no reminder');
    await world.tap(leader, reminder, 'Cập nhật');
    expect(world.heard(leader)[0]?.text).toContain(code);
    await world.say(leader, '100% đã gửi báo cáo số 812/BC-STC');
    expect(world.heard(leader)[0]?.text).toContain('100%');
    expect(world.heard(monitor)[0]?.text).toContain('812/BC-STC');

    // Submitted: waiting for the Office, so no reminder on the day.
    world.clock.set('2026-11-26T03:00:00Z');
    await world.settle();
    world.expectSilence();
  });

  test('days of silence of the whole system give one reminder, not one for each day missed', async () => {
    await assign('2026-11-20');
    world.heard(leader);
    world.heard(officer);
    world.clock.set('2026-11-25T03:00:00Z'); // Wednesday: Friday, Monday and Wednesday 07:30 have passed
    await world.settle();
    expect(world.heard(leader)).toHaveLength(1);
    expect(world.heard(officer)).toHaveLength(1);
  });

  test('words in answer to a meeting alert are neither a confirmation nor a report: the buttons are shown again', async () => {
    const code = await assign('2026-12-04');
    const [assigned] = world.heard(leader);
    world.heard(officer);
    if (!assigned) throw new Error('not told of the task');
    await world.tap(leader, assigned, 'Cập nhật');
    world.heard(leader);
    const called = await world.api('POST', '/api/v1/meetings', { title: 'Họp giải ngân', kind: 'urgent', startsAt: '2026-11-19T16:00:00+07:00', place: 'Phòng họp số 1', attendeeIds: [leader.id] });
    expect(called.status).toBe(201);
    await world.settle();
    const [alert] = world.heard(leader);
    if (!alert) throw new Error('not invited');
    await world.say(leader, 'rõ, tôi sẽ dự', { replyTo: alert.id });
    const [answer] = world.heard(leader);
    expect(answer?.text).toContain('chưa được ghi là trả lời lịch họp HOP-2026-00001');
    expect(await world.api('GET', `/api/v1/tasks/${code}`)).toMatchObject({ body: { percent: 0, progress: [] } });
    if (!answer) throw new Error('no answer');
    // The bot's burst is used up in this one moment of the story's clock.
    world.clock.advance({ seconds: 1 });
    await world.tap(leader, answer, 'Tham dự');
    expect(world.heard(leader)[0]?.text).toContain('sẽ tham dự');
  });

  test('somebody else\'s task is refused kindly, nothing is written', async () => {
    const code = await assign('2026-12-04');
    world.heard(leader);
    world.heard(officer);
    await world.agency('SYT', 'Sở Y tế');
    const stranger = await world.person({ name: 'Lò Thị Phin', position: 'Chuyên viên Sở Y tế', agencyCode: 'SYT', roles: ['officer'] }, channel);
    await world.say(stranger, `/capnhat ${code} 90% xong`);
    expect(world.heard(stranger)[0]?.text).toMatch(/không (thuộc|có quyền)/);
    const task = await world.api('GET', `/api/v1/tasks/${code}`);
    expect(task.body).toMatchObject({ percent: 0, progress: [] });
  });
});
