import type { ReactNode } from 'react';
import { actionUrl, pageUrl } from './api.js';
import { OfficeForm, type Form, type Values } from './form.js';
import { Head, useLoaded, Waiting } from './parts.js';

interface RecordFormProps<Detail> {
  title: string;
  /** The record it is about: the way back, and where "Thôi" leads. */
  about: { resource: string; id: string; words: string };
  /** Address of what is known of the record by now. */
  from: string;
  /** The action it is sent to. */
  action: string;
  /** Words on the button. */
  words: string;
  danger?: boolean;
  initial: (detail: Detail) => Values;
  children: (form: Form, detail: Detail) => ReactNode;
}

/** A form about one record: its heading, and once the record is read the fields with what they begin with. */
export function RecordForm<Detail>({ title, about: { resource, id, words: record }, from, action, words, danger = false, initial, children }: RecordFormProps<Detail>) {
  const { data: detail, problem } = useLoaded<Detail>(from);
  return (
    <>
      <Head title={title} crumb={{ to: pageUrl(resource, id), words: record }} />
      {detail ? (
        <OfficeForm url={actionUrl(resource, action, id)} words={words} danger={danger} back={pageUrl(resource, id)} initial={initial(detail)}>
          {(form) => children(form, detail)}
        </OfficeForm>
      ) : (
        <Waiting problem={problem} />
      )}
    </>
  );
}
