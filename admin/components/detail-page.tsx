import { useTranslation, type ActionProps } from 'adminjs';
import { useEffect, type ReactNode } from 'react';
import type { Answer } from './api.js';
import { ActionButton, useActions } from './buttons.js';
import { Head, useLoaded, Waiting } from './parts.js';

interface DetailPageProps<Detail> {
  /** What AdminJS gives the page. */
  page: ActionProps;
  /** Address of what is told of the record. */
  from: string;
  /** The name of the list it came from. */
  list: string;
  title: (detail: Detail | undefined) => ReactNode;
  /** Looked at again so often while it is in sight; absent: only after a deed. */
  everyMs?: number;
  children: (detail: Detail, reload: () => void) => ReactNode;
}

/** The page of one record: its heading, the way back to the list, what may be done, and once it is read all about it. */
export function DetailPage<Detail>({ page: { resource, record }, from, list, title, everyMs, children }: DetailPageProps<Detail>) {
  const { translateAction } = useTranslation();
  const { data: detail, problem, reload } = useLoaded<Detail>(from);
  const { actions, take } = useActions(record);
  useEffect(() => {
    if (!everyMs) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, from]);
  const done = (answer: Answer) => {
    take(answer);
    reload();
  };
  return (
    <>
      <Head title={title(detail)} crumb={{ to: `/admin/resources/${resource.id}`, words: list }}>
        {actions.map((action) => (
          <ActionButton key={action.name} action={action} words={translateAction(action.name, resource.id)} recordId={record?.id ?? ''} onDone={done} />
        ))}
      </Head>
      {detail ? children(detail, reload) : <Waiting problem={problem} />}
    </>
  );
}
