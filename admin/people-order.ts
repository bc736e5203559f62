import { fold } from '../src/kernel/fold.js';
import type { Person } from '../src/people/person.model.js';

type Placed = Pick<Person, 'agencyCode' | 'roles' | 'position'>;

/** The head, the deputies, other leaders; then the others in the same way. A post is known by the words it begins with. */
function placeInAgency({ roles, position }: Placed): number {
  const post = fold(position);
  const leads = roles.includes('leader');
  const deputy = post.startsWith('pho ');
  if (leads) return deputy ? 1 : post.startsWith('uy vien') ? 2 : 0;
  return deputy ? 4 : /^(chanh|truong) /.test(post) ? 3 : 5;
}

/** For sorting people as a list of invited reads: by agency in the order given (others last), in each the head before officers. */
export function inInvitingOrder(agencyCodes: readonly string[]): (a: Placed, b: Placed) => number {
  const places = new Map(agencyCodes.map((code, place) => [code, place]));
  const placeOf = ({ agencyCode }: Placed): number => places.get(agencyCode) ?? places.size;
  return (a, b) => placeOf(a) - placeOf(b) || placeInAgency(a) - placeInAgency(b);
}
