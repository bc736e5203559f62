import { useQueryParams, useTranslation, type ResourceJSON } from 'adminjs';
import { useEffect, useRef, useState } from 'react';
import { DayInput } from './day-input.js';
import { useLookups } from './lookups.js';

interface FilterCustom {
  filterAs: 'search' | 'choice' | 'agency' | 'day' | null;
  choices: { value: string; label: string }[];
}

type Values = Record<string, string>;

/** Filters in plain sight, kept in the address so that a filtered list can be passed on. */
export function Filters({ resource }: { resource: ResourceJSON }) {
  const { filters, storeParams } = useQueryParams<Record<string, unknown>, Values>();
  const given = filters ?? {};
  const set = (name: string, value: string) => {
    const { [name]: _old, ...rest } = given;
    storeParams({ filters: value ? { ...rest, [name]: value } : rest, page: '1' });
  };
  if (resource.filterProperties.length === 0) return null;
  return (
    <div className="nv-filters" role="search">
      {resource.filterProperties.map((property) => (
        <FilterField key={property.name} resourceId={resource.id} property={property} value={given[property.name] ?? ''} set={(value) => set(property.name, value)} />
      ))}
      {Object.keys(given).length > 0 ? (
        <button type="button" className="nv-button small" onClick={() => storeParams({ filters: {}, page: '1' })}>
          Bỏ lọc
        </button>
      ) : null}
    </div>
  );
}

function FilterField({ resourceId, property, value, set }: { resourceId: string; property: { name: string; custom: object }; value: string; set: (value: string) => void }) {
  const { translateProperty } = useTranslation();
  const { filterAs, choices } = property.custom as FilterCustom;
  const label = translateProperty(property.name, resourceId);
  const id = `filter-${property.name}`;
  if (filterAs === 'search') return <Search id={id} label={label} value={value} set={set} />;
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {filterAs === 'day' ? <DayFilter id={id} label={label} value={value} set={set} /> : null}
      {filterAs === 'choice' ? <Choice id={id} value={value} set={set} choices={choices} /> : null}
      {filterAs === 'agency' ? <AgencyChoice id={id} value={value} set={set} /> : null}
    </div>
  );
}

/** Filters once a whole day is there, or none. */
function DayFilter({ id, label, value, set }: { id: string; label: string; value: string; set: (value: string) => void }) {
  const [day, setDay] = useState(value);
  const take = (next: string) => {
    setDay(next);
    if (next === '' || /^\d{4}-\d{2}-\d{2}$/.test(next)) set(next);
  };
  return <DayInput id={id} label={label} value={day} set={take} />;
}

/** A list follows what is typed once the fingers rest for so long. */
const REST_MS = 300;

/** A search that follows what is typed; Enter only makes it faster. */
export function Search({ id, label, value, set, placeholder }: { id: string; label: string; value: string; set: (value: string) => void; placeholder?: string }) {
  const [typed, setTyped] = useState(value);
  const latest = useRef(set);
  latest.current = set;
  // "Bỏ lọc" and the way back change the value from outside; what is being typed stays.
  const asked = useRef(value);
  useEffect(() => {
    if (value !== asked.current) setTyped(value);
    asked.current = value;
  }, [value]);
  useEffect(() => {
    if (typed.trim() === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = typed.trim();
      latest.current(typed.trim());
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="search">
      <form onSubmit={(event) => { event.preventDefault(); asked.current = typed.trim(); set(typed.trim()); }}>
        <label htmlFor={id}>{label}</label>
        <input id={id} className="nv-input" type="search" autoComplete="off" maxLength={200} placeholder={placeholder} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </form>
    </div>
  );
}

function Choice({ id, value, set, choices }: { id: string; value: string; set: (value: string) => void; choices: { value: string; label: string }[] }) {
  return (
    <select id={id} className="nv-input" value={value} onChange={(event) => set(event.target.value)}>
      <option value="">Tất cả</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

function AgencyChoice(props: { id: string; value: string; set: (value: string) => void }) {
  const { agencies } = useLookups();
  return <Choice {...props} choices={agencies.map(({ code, name }) => ({ value: code, label: name }))} />;
}
