"""Finds and runs plugins on a machine without ansible-core: those that import nothing of it."""

import glob
import importlib.util
import os

import errand_values as values

CLASSES = {'filter': 'FilterModule', 'test': 'TestModule', 'lookup': 'LookupModule'}


class NeedsCore(Exception):
    """The plugin imports something of ansible-core."""


class Plugins(object):
    def __init__(self, settings, channel):
        self.warnings = []
        self._collections = settings['collections']
        self._configured = settings['configured']
        self._folders = {'filter': [], 'test': [], 'lookup': []}
        self._modules = {}
        self._needing = {}
        try:
            from jinja2 import StrictUndefined

            channel.undefined = StrictUndefined
        except ImportError:
            pass
        self.add_folders(settings['folders'])

    def add_folders(self, folders):
        for kind, paths in folders.items():
            self._folders[kind].extend(path for path in paths if path not in self._folders[kind])

    def find(self, kind, name):
        if self._found(kind, name) is not None:
            return {'is_own': '.' not in name}
        self._say_who_may_have(kind, name)
        return {'missing': repr(name)}

    def _say_who_may_have(self, kind, name):
        for path, error in self._needing.get(kind, {}).items():
            with open(path, 'rb') as file:
                if name.rpartition('.')[2].encode('utf-8') in file.read():
                    raise values.Told("%s '%s': %s" % (kind, name, needs_core(path, error)))

    def _found(self, kind, name):
        collection, dot, short = name.rpartition('.')
        for path in self._files(kind, collection):
            function = self._functions(kind, path).get(short)
            if function is not None:
                return function
        return None

    def _files(self, kind, collection):
        if collection in ('', 'ansible.legacy'):
            folders = self._folders[kind] + self._configured[kind]
        else:
            parts = collection.split('.')
            below = parts[:2] + ['plugins', kind] + parts[2:]
            folders = [os.path.join(root, 'ansible_collections', *below) for root in self._collections]
        for folder in folders:
            for path in sorted(glob.glob(os.path.join(glob.escape(folder), '*.py'))):
                yield path

    def _functions(self, kind, path):
        try:
            module = self._module(path)
            return getattr(getattr(module, CLASSES[kind])(), kind + 's')()
        except NeedsCore as error:
            self._needing.setdefault(kind, {})[path] = error
        except Exception as error:
            self._warn('Skipping plugin (%s), cannot load: %s' % (path, error))
        return {}

    def _warn(self, text):
        if text not in self._modules:
            self._modules[text] = None
            self.warnings.append(text)

    def _module(self, path):
        known = self._modules.get(path)
        if known is None:
            spec = importlib.util.spec_from_file_location('errand_plugin_%d' % len(self._modules), path)
            known = importlib.util.module_from_spec(spec)
            try:
                spec.loader.exec_module(known)
            except ImportError as error:
                if (error.name or '').split('.')[0] in ('ansible', 'ansible_collections', 'jinja2'):
                    raise NeedsCore(str(error))
                raise
            self._modules[path] = known
        return known

    def call(self, message, variables):
        function = self._found(message['kind'], message['name'])
        if getattr(function, 'jinja_pass_arg', None) is not None:
            raise values.Told("%s '%s' takes Jinja's environment: install ansible-core" % (message['kind'], message['name']))
        found = function(message['input'], *message['positional'], **message['named'])
        return list(found) if hasattr(found, '__next__') else found

    def lookup(self, message, variables):
        collection, dot, short = message['name'].rpartition('.')
        for path in self._files('lookup', collection):
            if os.path.basename(path) == short + '.py':
                try:
                    plugin = getattr(self._module(path), CLASSES['lookup'])()
                except NeedsCore as error:
                    raise values.Told('lookup plugin (%s): %s' % (message['name'], needs_core(path, error)))
                found = plugin.run(message['terms'], variables=variables, **message['options'])
                return [] if found is None else list(found)
        raise values.Told('lookup plugin (%s) not found' % message['name'])

    @staticmethod
    def untrusted(value):
        """Nothing renders templates here."""
        return value


def needs_core(path, error):
    return '%s needs ansible-core on the controller, and there is none: install ansible-core (%s)' % (path, error)
