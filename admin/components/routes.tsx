import { useResource, type ActionJSON, type ActionProps, type RecordJSON, type ResourceJSON } from 'adminjs';
import type { ComponentType } from 'react';
import { useSelector } from 'react-redux';
import { Link, useParams } from 'react-router-dom';
import { actionUrl } from './api.js';
import { List } from './list.js';
import { Head, useLoaded, Waiting } from './parts.js';
import { RecordPage } from './record-page.js';

const NOT_HERE = 'Không có trang này, hoặc đồng chí không có quyền xem.';

/** While a page is loaded, or why there is none and where to go instead. */
const Page = ({ problem }: { problem?: string | undefined }) => (
  <main className="nv-page">
    {problem ? <Head title="Chưa mở được trang" /> : null}
    <Waiting problem={problem} />
    {problem ? <p style={{ marginTop: 14 }}><Link className="nv-button" to="/admin">Về trang Tổng quan</Link></p> : null}
  </main>
);

function Screen({ action, resource, record }: { action: ActionJSON; resource: ResourceJSON; record?: RecordJSON }) {
  const { UserComponents } = (window as unknown as { AdminJS: { UserComponents: Record<string, ComponentType<ActionProps>> } }).AdminJS;
  const Component = action.component ? UserComponents[action.component] : RecordPage;
  return Component ? (
    <main className="nv-page">
      <Component action={action} resource={resource} record={record} />
    </main>
  ) : (
    <Page problem={NOT_HERE} />
  );
}

/** /admin/resources/Task */
export function ResourceRoute() {
  const resource = useResource(useParams()['resourceId'] ?? '');
  const list = resource?.resourceActions.find(({ name }) => name === 'list');
  return resource && list ? (
    <main className="nv-page">
      <List key={resource.id} resource={resource} action={list} />
    </main>
  ) : (
    <Page problem={NOT_HERE} />
  );
}

/** /admin/resources/Task/actions/assign */
export function ResourceActionRoute() {
  const { resourceId = '', actionName } = useParams();
  const resource = useResource(resourceId);
  const action = resource?.resourceActions.find(({ name }) => name === actionName);
  return resource && action ? <Screen action={action} resource={resource} /> : <Page problem={NOT_HERE} />;
}

/** /admin/resources/Task/records/NV-2026-00012/show */
export function RecordActionRoute() {
  const { resourceId = '', recordId = '', actionName = '' } = useParams();
  const resource = useResource(resourceId);
  const { data, problem } = useLoaded<{ record: RecordJSON }>(actionUrl(resourceId, actionName, recordId));
  const action = data?.record.recordActions.find(({ name }) => name === actionName);
  // Until the new record is there, the old one is still in hand.
  if (!problem && data?.record.id !== recordId) return <Page />;
  return resource && data && action ? <Screen key={`${recordId}/${actionName}`} action={action} resource={resource} record={data.record} /> : <Page problem={problem ?? NOT_HERE} />;
}

/** /admin/pages/ledger */
export function PageRoute() {
  const { pageName } = useParams();
  const pages = useSelector((state: { pages: { name: string; component: string }[] }) => state.pages);
  const component = pages.find(({ name }) => name === pageName)?.component;
  const { UserComponents } = (window as unknown as { AdminJS: { UserComponents: Record<string, ComponentType> } }).AdminJS;
  const Component = component ? UserComponents[component] : undefined;
  return Component ? <Component key={pageName} /> : <Page problem={NOT_HERE} />;
}
