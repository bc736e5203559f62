import { useNotice, useQueryParams, useRecords, useSelectedRecords, useTranslation, type ActionProps, type RecordJSON, type ResourceJSON } from 'adminjs';
import { useEffect, useState } from 'react';
import { Link, useLocation, useNavigate } from 'react-router-dom';
import { newNonce, pageUrl, press } from './api.js';
import { ActionButton } from './buttons.js';
import { Filters } from './filters.js';
import { rememberList } from './last-list.js';
import { Empty } from './empty.js';
import { Badge, Head, Percent, TimeTag } from './parts.js';

/** Every list of the back office: filters above, a table on wide screens, cards on a phone. */
export function List({ resource }: ActionProps) {
  const { records, loading, page, total, perPage, direction, sortBy, fetchData } = useRecords(resource.id);
  const { selectedRecords, handleSelect, handleSelectAll, setSelectedRecords } = useSelectedRecords(records);
  const { storeParams, filters } = useQueryParams<Record<string, unknown>, Record<string, string>>();
  const { search } = useLocation();
  useEffect(rememberList, [resource.id, search]);
  const { translateAction, translateProperty } = useTranslation();
  useEffect(() => setSelectedRecords([]), [resource.id, page]);
  const canTick = records.some((record) => record.bulkActions.length > 0);
  const sort = (name: string) => storeParams({ sortBy: name, direction: sortBy === name && direction === 'asc' ? 'desc' : 'asc', page: '1' });
  return (
    <>
      <Head title={translateAction('list', resource.id)}>
        {resource.resourceActions.filter(({ name }) => name !== 'list').map((action) => (
          <ActionButton key={action.name} action={action} words={translateAction(action.name, resource.id)} />
        ))}
      </Head>
      <Filters key={resource.id} resource={resource} />
      <BulkBar resource={resource} records={selectedRecords} onDone={() => { setSelectedRecords([]); void fetchData(); }} />
      {records.length === 0 ? (
        <div className="nv-frame nv-empty">{loading ? 'Đang tải…' : <Empty resource={resource} filtered={Object.keys(filters ?? {}).length > 0} onClear={() => storeParams({ filters: {}, page: '1' })} />}</div>
      ) : (
        <div className="nv-frame">
          <table className="nv-table nv-cards">
            <thead>
              <tr>
                {canTick ? <th><input type="checkbox" aria-label="Chọn tất cả" checked={selectedRecords.length > 0} onChange={handleSelectAll} /></th> : null}
                {resource.listProperties.map((property) => (
                  <th key={property.name} aria-sort={sortBy === property.name ? (direction === 'asc' ? 'ascending' : 'descending') : undefined}>
                    {property.isSortable ? (
                      <button type="button" onClick={() => sort(property.name)}>
                        {translateProperty(property.name, resource.id)} {sortBy === property.name ? (direction === 'asc' ? '↑' : '↓') : ''}
                      </button>
                    ) : translateProperty(property.name, resource.id)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {records.map((record) => (
                <Row key={record.id} resource={resource} record={record} ticked={canTick ? selectedRecords.some(({ id }) => id === record.id) : undefined} onTick={() => handleSelect(record)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {records.length === 0 ? null : <Pager page={page} pages={Math.max(1, Math.ceil(total / perPage))} total={total} go={(to) => storeParams({ page: String(to) })} />}
    </>
  );
}

function Row({ resource, record, ticked, onTick }: { resource: ResourceJSON; record: RecordJSON; ticked: boolean | undefined; onTick: () => void }) {
  const navigate = useNavigate();
  const { translateProperty } = useTranslation();
  const to = pageUrl(resource.id, record.id);
  return (
    <tr className="go" data-id={record.id} onClick={(event) => { if (!(event.target as HTMLElement).closest('a,button,input')) navigate(to); }}>
      {ticked === undefined ? null : (
        <td className="pick">
          {record.bulkActions.length > 0 ? <input type="checkbox" aria-label={`Chọn ${record.title}`} checked={ticked} onChange={onTick} /> : null}
        </td>
      )}
      {resource.listProperties.map((property, at) => (
        <td key={property.name} data-label={translateProperty(property.name, resource.id)} className={`${at === 0 ? 'first' : ''} ${isBlank(record, property) ? 'blank' : ''}`}>
          <div>{at === 0 ? <Link to={to}><Cell record={record} property={property} /></Link> : <Cell record={record} property={property} />}</div>
        </td>
      ))}
    </tr>
  );
}

interface ColumnJSON {
  name: string;
  custom: object;
}

const isBlank = (record: RecordJSON, { name }: ColumnJSON): boolean => record.params[name] === '' || record.params[name] === undefined;

/** One value as its column wants it; `<name>Note` is a second line, `<name>Tone` its colour. */
export function Cell({ record, property: { name, custom } }: { record: RecordJSON; property: ColumnJSON }) {
  const value = record.params[name] as string | number | undefined;
  const [note, tone] = [record.params[`${name}Note`] as string | undefined, record.params[`${name}Tone`] as string | undefined];
  if (value === undefined || value === '') return null;
  const as = (custom as { as?: string }).as;
  if (as === 'tag') return <TimeTag tag={String(value)} />;
  if (as === 'percent') return <Percent value={Number(value)} />;
  const href = record.params[`${name}Href`] as string | undefined;
  if (href) return <><Link className={as === 'short' ? 'nv-short' : undefined} to={href}>{value}</Link>{note ? <span className="nv-note">{note}</span> : null}</>;
  if (as === 'badge') return <><Badge tone={tone}>{value}</Badge>{note ? <span className="nv-note">{note}</span> : null}</>;
  if (as === 'code' || as === 'name') return <><span className={as === 'code' ? 'nv-code' : 'nv-name'}>{value}</span>{note ? <div><Badge tone={tone}>{note}</Badge></div> : null}</>;
  return (
    <>
      <span className={as === 'clamp' || as === 'short' || as === 'long' ? `nv-${as}` : undefined}>{value}</span>
      {note ? <span className="nv-note">{note}</span> : null}
    </>
  );
}

/** Deeds on the ticked rows; what failed is said row by row. */
function BulkBar({ resource, records, onDone }: { resource: ResourceJSON; records: RecordJSON[]; onDone: () => void }) {
  const addNotice = useNotice();
  const { translateAction } = useTranslation();
  const [busy, setBusy] = useState(false);
  if (records.length === 0) return null;
  const ids = records.map(({ id }) => id);
  const go = async (name: string) => {
    setBusy(true);
    const answer = await press(`/admin/api/resources/${resource.id}/bulk/${name}?recordIds=${encodeURIComponent(ids.join(','))}`, { nonce: newNonce() });
    setBusy(false);
    const failed = ((answer.result?.['results'] ?? []) as { key: string; ok: boolean; message: string }[]).filter(({ ok }) => !ok);
    if (answer.notice) addNotice({ ...answer.notice, message: [answer.notice.message, ...failed.map(({ key, message }) => `${key}: ${message}`)].join(' ') });
    onDone();
  };
  return (
    <div className="nv-bulk">
      <span>Đã chọn {records.length}</span>
      {records[0]?.bulkActions.map((action) => (
        <button key={action.name} type="button" className="nv-button small" disabled={busy} onClick={() => void go(action.name)}>
          {translateAction(action.name, resource.id)}
        </button>
      ))}
    </div>
  );
}

function Pager({ page, pages, total, go }: { page: number; pages: number; total: number; go: (page: number) => void }) {
  return (
    <div className="nv-pager">
      <span className="nv-muted">{total.toLocaleString('vi-VN')} dòng</span>
      {pages > 1 ? (
        <>
          <button type="button" className="nv-button small" disabled={page <= 1} onClick={() => go(page - 1)}>‹ Trước</button>
          <span>Trang {page}/{pages}</span>
          <button type="button" className="nv-button small" disabled={page >= pages} onClick={() => go(page + 1)}>Sau ›</button>
        </>
      ) : null}
    </div>
  );
}
