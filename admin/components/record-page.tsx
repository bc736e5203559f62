import { useTranslation, type ActionProps } from 'adminjs';
import { ActionButton } from './buttons.js';
import { Cell } from './list.js';
import { Facts, Head } from './parts.js';

/** Detail page of plain records. */
export function RecordPage({ resource, record }: ActionProps) {
  const { translateAction, translateProperty } = useTranslation();
  if (!record) return null;
  const actions = record.recordActions.filter(({ name }) => name !== 'show');
  return (
    <>
      <Head title={record.title} crumb={{ to: `/admin/resources/${resource.id}`, words: translateAction('list', resource.id) }}>
        {actions.length > 0 ? actions.map((action) => <ActionButton key={action.name} action={action} words={translateAction(action.name, resource.id)} recordId={record.id} />) : null}
      </Head>
      <section className="nv-card">
        <Facts
          rows={resource.showProperties.map((property) => [
            translateProperty(property.name, resource.id),
            record.params[property.name] === '' || record.params[property.name] === undefined ? '' : <Cell record={record} property={{ name: property.name, custom: whole(property.custom) }} />,
          ])}
        />
      </section>
    </>
  );
}

/** A detail page has room: nothing is cut, nothing set apart as a title. */
const whole = (custom: Record<string, unknown>): object => (['clamp', 'code', 'name', 'long'].includes(String(custom['as'])) ? {} : custom);
