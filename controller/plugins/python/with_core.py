"""Finds and runs plugins with the ansible-core of this machine, called as a library."""

import os

import errand_values as values


class Plugins(object):
    def __init__(self, settings, channel):
        before = os.environ.get('ANSIBLE_COLLECTIONS_PATH')
        os.environ['ANSIBLE_COLLECTIONS_PATH'] = os.pathsep.join(settings['collections'])
        self.warnings = []
        self._omit = settings['omit']
        self._functions = {}
        self._open(settings)
        if before is None:
            del os.environ['ANSIBLE_COLLECTIONS_PATH']
        else:
            os.environ['ANSIBLE_COLLECTIONS_PATH'] = before
        channel.undefined = self._undefined
        self.add_folders(settings['folders'])

    def _open(self, settings):
        import ansible
        from ansible.parsing.dataloader import DataLoader
        from ansible.parsing.vault import VaultSecret
        from ansible.plugins import loader
        from ansible.template import Templar
        from ansible.utils import unsafe_proxy
        from ansible.utils.display import Display

        if hasattr(loader, 'init_plugin_loader'):
            loader.init_plugin_loader()
        display = Display()
        display.warning = lambda text, *args, **kwargs: self.warnings.append(text)
        display.deprecated = lambda *args, **kwargs: None
        self._home = os.path.dirname(ansible.__file__) + os.sep
        self._loaders = {
            'filter': loader.filter_loader,
            'test': loader.test_loader,
            'lookup': loader.lookup_loader,
        }
        self._files = DataLoader()
        secrets = [(name, VaultSecret(text.encode('utf-8'))) for name, text in settings['vault']]
        if secrets:
            self._files.set_vault_secrets(secrets)
        self._templar = Templar(loader=self._files)
        self._wrap = unsafe_proxy.wrap_var

    def _undefined(self, hint=None):
        return self._templar.environment.undefined(hint=hint)

    def add_folders(self, folders):
        """Later folders come after the ones that are known, and before those of the configuration."""
        for kind, paths in folders.items():
            for path in paths:
                self._loaders[kind].add_directory(path)
        self._functions.clear()

    def find(self, kind, name):
        try:
            plugin = self._plugin(kind, name)
        except (KeyError, values.UndefinedError) as error:
            return {'missing': str(error)}
        except Exception as error:
            if 'AnsibleError' in [one.__name__ for one in type(error).__mro__]:
                return {'missing': str(error)}
            raise
        path = getattr(plugin, '_original_path', '') or ''
        return {'is_own': '.' not in name and not path.startswith(self._home)}

    def _plugin(self, kind, name):
        plugin = self._loaders[kind].get(name)
        if plugin is None:
            raise KeyError(name)
        return plugin

    def _function(self, kind, name):
        known = self._functions.get((kind, name))
        if known is None:
            known = self._functions[(kind, name)] = self._plugin(kind, name).j2_function
        return known

    def call(self, message, variables):
        function = self._function(message['kind'], message['name'])
        args = [message['input']] + list(message['positional'])
        wanted = getattr(function, 'jinja_pass_arg', None)
        if wanted is None:
            return self._drained(function(*args, **message['named']))
        with self._seeing(variables):
            around = getattr(self, '_' + wanted.name)(variables)
            return self._drained(function(around, *args, **message['named']))

    def _environment(self, variables):
        return self._templar.environment

    _environ = _environment

    def _eval_context(self, variables):
        from jinja2.nodes import EvalContext

        return EvalContext(self._templar.environment)

    def _context(self, variables):
        return self._templar.environment.from_string('').new_context(variables, shared=True)

    @staticmethod
    def _drained(value):
        """What is computed item by item is computed here, where its errors belong."""
        return list(value) if hasattr(value, '__next__') else value

    def lookup(self, message, variables):
        basedir = message.get('basedir')
        if basedir:
            self._files.set_basedir(basedir)
        plugin = self._loaders['lookup'].get(message['name'], loader=self._files, templar=self._templar)
        if plugin is None:
            raise values.Told('lookup plugin (%s) not found' % message['name'])
        terms = self.untrusted(message['terms'])
        options = self.untrusted(message['options'])
        with self._seeing(variables):
            found = plugin.run(terms, variables=variables, **options)
            return [] if found is None else list(found)

    def _seeing(self, variables):
        dict.__setitem__(variables, 'omit', self._omit)
        return Seeing(self._templar, variables)

    def untrusted(self, value):
        """Text with template marks is data here: everything was rendered by the controller already."""
        if isinstance(value, str):
            return self._wrap(value) if any(mark in value for mark in ('{{', '{%', '{#')) else value
        if isinstance(value, dict):
            return {self.untrusted(key): self.untrusted(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self.untrusted(item) for item in value)
        return value


class Seeing(object):
    """While a plugin runs, templates that it renders see the variables around the call."""

    def __init__(self, templar, variables):
        self._templar = templar
        self._variables = variables

    def __enter__(self):
        self._before = self._templar.available_variables
        self._templar.available_variables = self._variables

    def __exit__(self, *about):
        self._templar.available_variables = self._before
