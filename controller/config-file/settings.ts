/** Where one setting may be said, and what counts when it is not. */
export interface Setting {
  /** Environment variables, the first one that is set counts. */
  readonly variables: readonly string[]
  /** `section.key`, the first one that is there counts. */
  readonly keys: readonly string[]
  readonly fallback?: string
}

/** The settings of Ansible that errand follows, with Ansible's defaults; only `pollSeconds` has its own (it was 15). */
export const knownSettings = {
  inventory: { variables: ['ANSIBLE_INVENTORY'], keys: ['defaults.inventory'] },
  rolesPath: {
    variables: ['ANSIBLE_ROLES_PATH'],
    keys: ['defaults.roles_path'],
    fallback: '~/.ansible/roles:/usr/share/ansible/roles:/etc/ansible/roles',
  },
  collectionsPath: {
    variables: ['ANSIBLE_COLLECTIONS_PATH', 'ANSIBLE_COLLECTIONS_PATHS'],
    keys: ['defaults.collections_path', 'defaults.collections_paths'],
    fallback: '~/.ansible/collections:/usr/share/ansible/collections',
  },
  filterPlugins: {
    variables: ['ANSIBLE_FILTER_PLUGINS'],
    keys: ['defaults.filter_plugins'],
    fallback: '~/.ansible/plugins/filter:/usr/share/ansible/plugins/filter',
  },
  testPlugins: {
    variables: ['ANSIBLE_TEST_PLUGINS'],
    keys: ['defaults.test_plugins'],
    fallback: '~/.ansible/plugins/test:/usr/share/ansible/plugins/test',
  },
  lookupPlugins: {
    variables: ['ANSIBLE_LOOKUP_PLUGINS'],
    keys: ['defaults.lookup_plugins'],
    fallback: '~/.ansible/plugins/lookup:/usr/share/ansible/plugins/lookup',
  },
  library: {
    variables: ['ANSIBLE_LIBRARY'],
    keys: ['defaults.library'],
    fallback: '~/.ansible/plugins/modules:/usr/share/ansible/plugins/modules',
  },
  moduleUtils: {
    variables: ['ANSIBLE_MODULE_UTILS'],
    keys: ['defaults.module_utils'],
    fallback: '~/.ansible/plugins/module_utils:/usr/share/ansible/plugins/module_utils',
  },
  forks: { variables: ['ANSIBLE_FORKS'], keys: ['defaults.forks'], fallback: '5' },
  timeoutSeconds: {
    variables: ['ANSIBLE_TIMEOUT', 'ANSIBLE_SSH_TIMEOUT'],
    keys: ['defaults.timeout', 'ssh_connection.timeout'],
    fallback: '10',
  },
  hostKeyChecking: {
    variables: ['ANSIBLE_HOST_KEY_CHECKING', 'ANSIBLE_SSH_HOST_KEY_CHECKING'],
    keys: ['defaults.host_key_checking', 'ssh_connection.host_key_checking'],
    fallback: 'true',
  },
  remoteUser: { variables: ['ANSIBLE_REMOTE_USER'], keys: ['defaults.remote_user'] },
  remotePort: { variables: ['ANSIBLE_REMOTE_PORT'], keys: ['defaults.remote_port'] },
  privateKeyFile: {
    variables: ['ANSIBLE_PRIVATE_KEY_FILE'],
    keys: ['defaults.private_key_file'],
  },
  transport: { variables: ['ANSIBLE_TRANSPORT'], keys: ['defaults.transport'], fallback: 'smart' },
  become: { variables: ['ANSIBLE_BECOME'], keys: ['privilege_escalation.become'] },
  becomeMethod: {
    variables: ['ANSIBLE_BECOME_METHOD'],
    keys: ['privilege_escalation.become_method'],
    fallback: 'sudo',
  },
  becomeUser: {
    variables: ['ANSIBLE_BECOME_USER'],
    keys: ['privilege_escalation.become_user'],
    fallback: 'root',
  },
  becomeFlags: {
    variables: ['ANSIBLE_BECOME_FLAGS'],
    keys: ['privilege_escalation.become_flags'],
  },
  becomeAskPass: {
    variables: ['ANSIBLE_BECOME_ASK_PASS'],
    keys: ['privilege_escalation.become_ask_pass'],
  },
  askPass: { variables: ['ANSIBLE_ASK_PASS'], keys: ['defaults.ask_pass'] },
  connectionPasswordFile: {
    variables: ['ANSIBLE_CONNECTION_PASSWORD_FILE'],
    keys: ['defaults.connection_password_file'],
  },
  askVaultPass: { variables: ['ANSIBLE_ASK_VAULT_PASS'], keys: ['defaults.ask_vault_pass'] },
  adhocModule: {
    variables: ['ANSIBLE_MODULE_NAME'],
    keys: ['defaults.module_name'],
    fallback: 'command',
  },
  becomePasswordFile: {
    variables: ['ANSIBLE_BECOME_PASSWORD_FILE'],
    keys: ['defaults.become_password_file'],
  },
  sshCommonArgs: {
    variables: ['ANSIBLE_SSH_COMMON_ARGS'],
    keys: ['ssh_connection.ssh_common_args'],
  },
  sshRetries: {
    variables: ['ANSIBLE_SSH_RETRIES'],
    keys: ['ssh_connection.retries', 'connection.retries'],
    fallback: '0',
  },
  gathering: {
    variables: ['ANSIBLE_GATHERING'],
    keys: ['defaults.gathering'],
    fallback: 'implicit',
  },
  factCaching: {
    variables: ['ANSIBLE_CACHE_PLUGIN'],
    keys: ['defaults.fact_caching'],
    fallback: 'memory',
  },
  factCachingConnection: {
    variables: ['ANSIBLE_CACHE_PLUGIN_CONNECTION'],
    keys: ['defaults.fact_caching_connection'],
  },
  factCachingPrefix: {
    variables: ['ANSIBLE_CACHE_PLUGIN_PREFIX'],
    keys: ['defaults.fact_caching_prefix'],
  },
  factCachingTimeoutSeconds: {
    variables: ['ANSIBLE_CACHE_PLUGIN_TIMEOUT'],
    keys: ['defaults.fact_caching_timeout'],
    fallback: '86400',
  },
  hashBehaviour: {
    variables: ['ANSIBLE_HASH_BEHAVIOUR'],
    keys: ['defaults.hash_behaviour'],
    fallback: 'replace',
  },
  vaultPasswordFile: {
    variables: ['ANSIBLE_VAULT_PASSWORD_FILE'],
    keys: ['defaults.vault_password_file'],
  },
  vaultIdentities: {
    variables: ['ANSIBLE_VAULT_IDENTITY_LIST'],
    keys: ['defaults.vault_identity_list'],
  },
  vaultEncryptIdentity: {
    variables: ['ANSIBLE_VAULT_ENCRYPT_IDENTITY'],
    keys: ['defaults.vault_encrypt_identity'],
  },
  groupNameRule: {
    variables: ['ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS'],
    keys: ['defaults.force_valid_group_names'],
    fallback: 'never',
  },
  inventoryEnabled: {
    variables: ['ANSIBLE_INVENTORY_ENABLED'],
    keys: ['inventory.enable_plugins'],
    fallback: 'host_list, script, auto, yaml, ini, toml',
  },
  inventoryAnyUnparsedFails: {
    variables: ['ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED'],
    keys: ['inventory.any_unparsed_is_failed'],
  },
  inventoryUnparsedFails: {
    variables: ['ANSIBLE_INVENTORY_UNPARSED_FAILED'],
    keys: ['inventory.unparsed_is_failed'],
  },
  localhostWarning: {
    variables: ['ANSIBLE_LOCALHOST_WARNING'],
    keys: ['defaults.localhost_warning'],
    fallback: 'true',
  },
  inventoryUnparsedWarning: {
    variables: ['ANSIBLE_INVENTORY_UNPARSED_WARNING'],
    keys: ['inventory.inventory_unparsed_warning'],
    fallback: 'true',
  },
  deprecationWarnings: {
    variables: ['ANSIBLE_DEPRECATION_WARNINGS'],
    keys: ['defaults.deprecation_warnings'],
    fallback: 'true',
  },
  displaySkippedHosts: {
    variables: ['ANSIBLE_DISPLAY_SKIPPED_HOSTS', 'DISPLAY_SKIPPED_HOSTS'],
    keys: ['defaults.display_skipped_hosts'],
    fallback: 'true',
  },
  displayOkHosts: {
    variables: ['ANSIBLE_DISPLAY_OK_HOSTS'],
    keys: ['defaults.display_ok_hosts'],
    fallback: 'true',
  },
  displayFailedStderr: {
    variables: ['ANSIBLE_DISPLAY_FAILED_STDERR'],
    keys: ['defaults.display_failed_stderr'],
  },
  showCustomStats: {
    variables: ['ANSIBLE_SHOW_CUSTOM_STATS'],
    keys: ['defaults.show_custom_stats'],
  },
  showTaskPathOnFailure: {
    variables: ['ANSIBLE_SHOW_TASK_PATH_ON_FAILURE'],
    keys: ['defaults.show_task_path_on_failure'],
  },
  checkModeMarkers: {
    variables: ['ANSIBLE_CHECK_MODE_MARKERS'],
    keys: ['defaults.check_mode_markers'],
  },
  forceColor: { variables: ['ANSIBLE_FORCE_COLOR'], keys: ['defaults.force_color'] },
  noColor: { variables: ['ANSIBLE_NOCOLOR'], keys: ['defaults.nocolor'] },
  stdoutCallback: {
    variables: ['ANSIBLE_STDOUT_CALLBACK'],
    keys: ['defaults.stdout_callback'],
    fallback: 'default',
  },
  callbacksEnabled: {
    variables: ['ANSIBLE_CALLBACKS_ENABLED', 'ANSIBLE_CALLBACK_WHITELIST'],
    keys: ['defaults.callbacks_enabled', 'defaults.callback_whitelist'],
  },
  resultFormat: {
    variables: ['ANSIBLE_CALLBACK_RESULT_FORMAT'],
    keys: ['defaults.callback_result_format'],
    fallback: 'json',
  },
  prettyResults: {
    variables: ['ANSIBLE_CALLBACK_FORMAT_PRETTY'],
    keys: ['defaults.callback_format_pretty'],
  },
  pollSeconds: {
    variables: ['ANSIBLE_POLL_INTERVAL'],
    keys: ['defaults.poll_interval'],
    fallback: '10',
  },
  strategy: { variables: ['ANSIBLE_STRATEGY'], keys: ['defaults.strategy'], fallback: 'linear' },
  anyErrorsFatal: {
    variables: ['ANSIBLE_ANY_ERRORS_FATAL'],
    keys: ['defaults.any_errors_fatal'],
  },
  forceHandlers: { variables: ['ANSIBLE_FORCE_HANDLERS'], keys: ['defaults.force_handlers'] },
  taskTimeoutSeconds: {
    variables: ['ANSIBLE_TASK_TIMEOUT'],
    keys: ['defaults.task_timeout'],
    fallback: '0',
  },
  jinja2Native: { variables: ['ANSIBLE_JINJA2_NATIVE'], keys: ['defaults.jinja2_native'] },
  ansibleManaged: {
    variables: ['ANSIBLE_MANAGED'],
    keys: ['defaults.ansible_managed'],
    fallback: 'Ansible managed',
  },
  diffAlways: { variables: ['ANSIBLE_DIFF_ALWAYS'], keys: ['diff.always'] },
  diffContext: { variables: ['ANSIBLE_DIFF_CONTEXT'], keys: ['diff.context'], fallback: '3' },
  runTags: { variables: ['ANSIBLE_RUN_TAGS'], keys: ['tags.run'] },
  skipTags: { variables: ['ANSIBLE_SKIP_TAGS'], keys: ['tags.skip'] },
  retryFiles: {
    variables: ['ANSIBLE_RETRY_FILES_ENABLED'],
    keys: ['defaults.retry_files_enabled'],
  },
  retryFilesPath: {
    variables: ['ANSIBLE_RETRY_FILES_SAVE_PATH'],
    keys: ['defaults.retry_files_save_path'],
  },
  verbosity: { variables: ['ANSIBLE_VERBOSITY'], keys: ['defaults.verbosity'], fallback: '0' },
  injectFactsAsVars: {
    variables: ['ANSIBLE_INJECT_FACT_VARS'],
    keys: ['defaults.inject_facts_as_vars'],
    fallback: 'true',
  },
  interpreterPython: {
    variables: ['ANSIBLE_PYTHON_INTERPRETER'],
    keys: ['defaults.interpreter_python'],
    fallback: 'auto',
  },
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof knownSettings

/** Keys that speak of what errand does not have and nobody misses: SSH's pipes, cows. Not worth a word at -v. */
export const quietKeys: ReadonlySet<string> = new Set([
  'defaults.pipelining',
  'connection.pipelining',
  'ssh_connection.pipelining',
  'ssh_connection.control_path',
  'ssh_connection.control_path_dir',
  'ssh_connection.scp_if_ssh',
  'ssh_connection.sftp_batch_mode',
  'ssh_connection.transfer_method',
  'defaults.nocows',
  'defaults.cowsay_enabled',
  'defaults.cow_selection',
  'defaults.internal_poll_interval',
  'defaults.bin_ansible_callbacks',
  'defaults.action_warnings',
  'defaults.command_warnings',
  'defaults.system_warnings',
  'defaults.remote_tmp',
  'defaults.local_tmp',
  'defaults.allow_world_readable_tmpfiles',
])

/** Sections for programs and plugins that errand does not have: not worth a word at -v. */
export const quietSections: ReadonlySet<string> = new Set([
  'galaxy',
  'colors',
  'selinux',
  'persistent_connection',
  'paramiko_connection',
  'accelerate',
])
