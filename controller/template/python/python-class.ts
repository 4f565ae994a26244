import type { PythonErrorKind } from './python-error.ts'

const CLASSES: Partial<Readonly<Record<PythonErrorKind, string>>> = {
  AnsibleError: 'ansible.errors.AnsibleError',
  FilterError: 'ansible.errors.AnsibleFilterError',
  JSONDecodeError: 'json.decoder.JSONDecodeError',
  // these two reach the user inside an error of Ansible's
  TemplateSyntaxError: 'ansible.errors.AnsibleError',
  TypeError: 'ansible.errors.AnsibleError',
  TemplateNotFound: 'jinja2.exceptions.TemplateNotFound',
  UndefinedError: 'ansible.errors.AnsibleUndefinedVariable',
}

/** How Ansible names the class of an error where it tells what went wrong in a variable or a lookup. */
export function pythonClass(kind: PythonErrorKind): string {
  return CLASSES[kind] ?? kind
}
