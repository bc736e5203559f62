import { useResource, type ActionJSON, type ActionProps, type RecordJSON, type ResourceJSON } from 'adminjs';
import type { ComponentType } from 'react';
import { useParams } from 'react-router-dom';
import { actionUrl } from './api.js';
import { List } from './list.js';
import { useLoaded, Waiting } from './parts.js';
import { RecordPage } from './record-page.js';

const NOT_HERE = 'Không có trang này, hoặc đồng chí không có quyền xem.';

const Page = ({ problem }: { problem?: string | undefined }) => (
  <main className="nv-page">
    <Waiting problem={problem} />
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
