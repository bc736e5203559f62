import { Type, type Static } from '@sinclair/typebox';
import { personRoles, type Person } from '../people/person.model.js';
import { agencyCode, closed, oneOf, orNull, recordId, time } from './schemas.js';

/** A person as other systems see them. */
export const personSchema = closed({
  id: recordId,
  rev: Type.Integer({ description: 'Số lần đã sửa' }),
  name: Type.String(),
  position: Type.String(),
  agencyCode,
  roles: Type.Array(oneOf(personRoles)),
  phone: orNull(Type.String({ description: 'Dạng 84…' })),
  phoneVerifiedAt: orNull(time),
  email: orNull(Type.String()),
  deputyId: orNull(recordId),
  leave: orNull(closed({ from: time, until: time })),
  digestAt: orNull(Type.String()),
  quiet: orNull(closed({ from: Type.String(), to: Type.String() })),
  channelOrder: Type.Array(Type.String()),
  active: Type.Boolean({ description: 'false: đã nghỉ việc hoặc chuyển công tác' }),
  leftAt: orNull(time),
});

/** The person in the shape of `personSchema`. */
export const presentPerson = (person: Person): Static<typeof personSchema> => ({
  id: person._id.toString(),
  rev: person.rev ?? 0,
  name: person.name,
  position: person.position,
  agencyCode: person.agencyCode,
  roles: person.roles,
  phone: person.phone ?? null,
  phoneVerifiedAt: person.phoneVerifiedAt?.toISOString() ?? null,
  email: person.email ?? null,
  deputyId: person.deputyId?.toString() ?? null,
  leave: person.leave ? { from: person.leave.from.toISOString(), until: person.leave.until.toISOString() } : null,
  digestAt: person.digestAt ?? null,
  quiet: person.quiet ?? null,
  channelOrder: person.channelOrder,
  active: person.active,
  leftAt: person.leftAt?.toISOString() ?? null,
});
