const own = ['ansible.builtin.', 'ansible.legacy.'] as const

/**
 * The one name of a module: `ansible.builtin.copy` and `ansible.legacy.copy` are `copy`; a short name that moved to
 * a collection is its full name there.
 */
export function canonicalModule(name: string): string {
  const prefix = own.find((one) => name.startsWith(one))
  const short = prefix === undefined ? name : name.slice(prefix.length)
  return synonyms.get(short) ?? moved.get(short) ?? short
}

/** Modules that take any text after their name: Ansible keeps it whole for them. */
const freeForm = new Set(['command', 'shell', 'script', 'raw', 'win_command', 'win_shell'])

/** Modules that may have words which are no `k=v` among their arguments. */
const rawWords = new Set([
  ...freeForm,
  'include',
  'include_vars',
  'include_tasks',
  'include_role',
  'import_tasks',
  'import_role',
  'import_playbook',
  'add_host',
  'group_by',
  'set_fact',
  'meta',
])

export function isFreeForm(module: string): boolean {
  return freeForm.has(canonicalModule(module).replace(/^ansible\.windows\./u, ''))
}

export function takesRawWords(module: string): boolean {
  return rawWords.has(canonicalModule(module).replace(/^ansible\.windows\./u, ''))
}

/** Actions that the loader or the run itself carries out: known wherever modules are looked up. */
export const languageActions: ReadonlySet<string> = new Set([
  'include',
  'include_tasks',
  'include_role',
  'import_tasks',
  'import_role',
  'import_playbook',
  'include_vars',
  'meta',
])

const synonyms = new Map([['systemd_service', 'systemd']])

/** Short names that ansible-core hands on to a collection; those that public playbooks use. */
const movedTo: Readonly<Record<string, string>> = {
  'ansible.posix':
    'acl at authorized_key firewalld mount patch seboolean selinux synchronize sysctl',
  'ansible.windows':
    'win_command win_shell win_copy win_file win_service win_package win_feature win_reboot',
  'community.crypto':
    'openssl_privatekey openssl_csr openssl_dhparam openssl_pkcs12 openssh_keypair',
  'community.docker':
    'docker_container docker_container_info docker_image docker_image_info docker_network docker_network_info docker_compose docker_login docker_volume docker_host_info docker_stack docker_swarm docker_prune',
  'community.general':
    'alternatives archive bower bundler capabilities composer cpanm filesystem flatpak gem git_config github_key helm homebrew htpasswd ini_file java_cert locale_gen lvg lvol lxd_container make modprobe nmcli npm osx_defaults pacman pam_limits parted redis sefcontext seport slack snap supervisorctl timezone ufw xml zypper',
  'community.mongodb': 'mongodb_user',
  'community.mysql': 'mysql_db mysql_info mysql_query mysql_replication mysql_user mysql_variables',
  'community.postgresql':
    'postgresql_db postgresql_ext postgresql_info postgresql_privs postgresql_query postgresql_set postgresql_user',
  'community.rabbitmq': 'rabbitmq_plugin rabbitmq_user rabbitmq_vhost',
  'kubernetes.core': 'k8s k8s_info',
}

const moved: ReadonlyMap<string, string> = new Map([
  ...Object.entries(movedTo).flatMap(([collection, names]) =>
    names.split(' ').map((name) => [name, `${collection}.${name}`] as const),
  ),
  ['openssl_certificate', 'community.crypto.x509_certificate'] as const,
])
