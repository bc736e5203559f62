import { useEffect, useState } from 'react';
import { fold } from '../../src/kernel/fold.js';
import { getJson } from './api.js';

export interface AgencyChoice {
  code: string;
  name: string;
  type: string;
  /** False: nobody there hears of a task; told only to those who give tasks. */
  reached?: boolean;
}

export interface PersonChoice {
  id: string;
  name: string;
  position: string;
  agencyCode: string;
  roles: string[];
}

interface Lookups {
  agencies: AgencyChoice[];
  people: PersonChoice[];
}

let kept: Promise<Lookups> | undefined;

/** Agencies and people to choose from: read once per page load, and again where a form opens. */
export function useLookups(fresh = false): Lookups {
  const [lookups, setLookups] = useState<Lookups>({ agencies: [], people: [] });
  useEffect(() => {
    if (fresh) kept = undefined;
    kept ??= getJson<Lookups>('/admin/api/office/lookups');
    kept.then(setLookups, () => {
      kept = undefined;
    });
  }, [fresh]);
  return lookups;
}

/** True where every word typed occurs, whatever the diacritics. */
export const matches = (typed: string, ...texts: string[]): boolean => {
  const all = fold(texts.join(' '));
  return fold(typed).split(' ').every((word) => all.includes(word));
};
