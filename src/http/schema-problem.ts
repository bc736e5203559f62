/** What the schema check says about the first field it does not like (a subset of Ajv's error object). */
export interface SchemaProblem {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
}

/** The field's place as people and programs read it: "/tasks/0/dueOn" -> "tasks.0.dueOn". */
export function fieldOf({ instancePath, params }: SchemaProblem): string {
  const steps = instancePath.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const named = params['additionalProperty'] ?? params['missingProperty'];
  return [...steps, ...(typeof named === 'string' ? [named] : [])].join('.');
}

const types: Readonly<Record<string, string>> = {
  string: 'một chuỗi ký tự',
  number: 'một số',
  integer: 'một số nguyên',
  boolean: 'true hoặc false',
  array: 'một danh sách',
  object: 'một đối tượng JSON',
};

const formats: Readonly<Record<string, string>> = {
  date: 'ngày có thật, dạng YYYY-MM-DD',
  'iso-date-time': 'ngày giờ có thật, dạng 2026-11-23T16:00:00+07:00',
  email: 'địa chỉ thư điện tử',
};

/** What was expected there, in Vietnamese. */
export function expectedOf({ keyword, params }: SchemaProblem): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'type':
      return `cần ${types[String(params['type'])] ?? String(params['type'])}`;
    case 'required':
      return 'mục bắt buộc, chưa có';
    case 'additionalProperties':
      return 'không có mục này';
    case 'enum':
      return `cần một trong các giá trị ${(params['allowedValues'] as unknown[]).join(', ')}`;
    case 'format':
      return `cần ${formats[String(params['format'])] ?? String(params['format'])}`;
    case 'minLength':
      return 'không được để trống';
    case 'maxLength':
      return `dài quá ${limit} ký tự`;
    case 'minItems':
      return `cần ít nhất ${limit} mục`;
    case 'maxItems':
      return `nhiều quá ${limit} mục`;
    case 'uniqueItems':
      return 'có mục lặp lại';
    default:
      return 'không đúng dạng';
  }
}
