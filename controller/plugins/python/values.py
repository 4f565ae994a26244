"""Values as JSON. What JSON has not is an object with one key that begins with a null character (see codec.ts)."""

import datetime
import json
import math

try:
    from collections.abc import Mapping, Set
except ImportError:
    from collections import Mapping, Set

MARK = '\0'
DELTA = datetime.timedelta(microseconds=1)

# Objects that only Python has: the controller holds their numbers and may hand them to another plugin.
_objects = {}
_next = [0]
KEPT = 10000


class UndefinedError(Exception):
    pass


class Told(Exception):
    """A sentence for the user, to be shown as it is."""


class Undefined(object):
    """For a machine without Jinja: any use fails."""

    def __init__(self, hint=None):
        self._undefined_message = hint

    def _fail(self, *args, **kwargs):
        raise UndefinedError(self._undefined_message)

    __getitem__ = __call__ = __str__ = __iter__ = __len__ = __bool__ = __eq__ = __ne__ = __hash__ = _fail
    __add__ = __radd__ = __mul__ = __lt__ = __gt__ = __le__ = __ge__ = __int__ = __float__ = __contains__ = _fail

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        self._fail()


def decode(text, undefined):
    def revive(found):
        if len(found) != 1:
            return found
        (key, value), = found.items()
        return _marked(key[1:], value, undefined) if key[:1] == MARK else found

    return json.loads(text, object_hook=revive)


def _marked(kind, value, undefined):
    if kind == 'tuple':
        return tuple(value)
    if kind == 'map':
        return {key: item for key, item in value}
    if kind == 'float':
        return float(value)
    if kind == 'undefined':
        return undefined(hint=value)
    if kind == 'date':
        return datetime.date.fromisoformat(value)
    if kind == 'datetime':
        return datetime.datetime.fromisoformat(value)
    if kind == 'timedelta':
        return datetime.timedelta(microseconds=value)
    if kind == 'object':
        return _objects.get(value[0], value[2])
    raise ValueError('the controller sent a %s' % kind)


def encode(value):
    if value is None or isinstance(value, bool):
        return bool(value) if value is not None else None
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {MARK + 'float': repr(float(value))}
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, tuple):
        return {MARK + 'tuple': [encode(item) for item in value]}
    if isinstance(value, (list, Set)):
        return [encode(item) for item in value]
    return _other(value)


def _mapping(value):
    entries = [(encode(key), encode(item)) for key, item in value.items()]
    is_plain = all(isinstance(key, str) for key, item in entries)
    if is_plain and not (len(entries) == 1 and entries[0][0].startswith(MARK)):
        return dict(entries)
    return {MARK + 'map': [[_key(key), item] for key, item in entries]}


def _key(key):
    return key if key is None or isinstance(key, (bool, int, float, str)) else str(key)


def _other(value):
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return {MARK + 'date': value.isoformat()}
    if isinstance(value, datetime.datetime):
        return {MARK + 'datetime': value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {MARK + 'timedelta': value // DELTA}
    if hasattr(type(value), '_undefined_message') or hasattr(value, '_fail_with_undefined_error'):
        return {MARK + 'undefined': str(value._undefined_message)}
    if isinstance(value, Undefined):
        return {MARK + 'undefined': value._undefined_message}
    if isinstance(value, (bytes, bytearray)):
        return _text(value)
    if type(value).__name__ == 'AnsibleVaultEncryptedUnicode':
        return str(value)
    if hasattr(value, '__next__') or isinstance(value, (range, type({}.keys()), type({}.values()), type({}.items()))):
        return [encode(item) for item in value]
    return _object(value)


def _text(value):
    """Ansible shows bytes as the text that they are; others stay in Python."""
    try:
        return value.decode('utf-8')
    except UnicodeDecodeError:
        return _object(value)


def _object(value):
    return {MARK + 'object': [_keep(value), type(value).__name__, str(value), repr(value)]}


def _keep(value):
    number = _next[0]
    _next[0] += 1
    _objects[number] = value
    _objects.pop(number - KEPT, None)
    return number


class Variables(dict):
    """The variables around a call. Each is found when it is read; what a plugin puts in stays in its own copy."""

    def __init__(self, channel, read):
        dict.__init__(self)
        self._channel = channel
        self._read = read
        self._gone = set()
        self._names = None

    def __missing__(self, name):
        if name in self._gone or not isinstance(name, str):
            raise KeyError(name)
        value = Hosts(self._channel, self._read) if name == 'hostvars' else self._found(name)
        dict.__setitem__(self, name, value)
        return value

    def _found(self, name):
        answer = self._channel.ask('variable', name)
        if 'source' in answer:
            return answer['source']
        if 'value' in answer:
            return self._read(answer['value'])
        raise KeyError(name)

    def __contains__(self, name):
        if dict.__contains__(self, name):
            return True
        return name not in self._gone and isinstance(name, str) and self._channel.ask('has', name)

    def get(self, name, default=None):
        try:
            return self[name]
        except KeyError:
            return default

    def _all(self):
        if self._names is None:
            self._names = self._channel.ask('names')
        known = dict.fromkeys(dict.__iter__(self))
        known.update((name, None) for name in self._names if name not in self._gone)
        return known

    def __iter__(self):
        return iter(self._all())

    def __len__(self):
        return len(self._all())

    def __bool__(self):
        return True

    def keys(self):
        return self._all().keys()

    def items(self):
        return [(name, self[name]) for name in self._all()]

    def values(self):
        return [self[name] for name in self._all()]

    def __setitem__(self, name, value):
        self._gone.discard(name)
        dict.__setitem__(self, name, value)

    def __delitem__(self, name):
        if name not in self:
            raise KeyError(name)
        dict.pop(self, name, None)
        self._gone.add(name)

    def pop(self, name, *default):
        if name not in self:
            return dict.pop(self, name, *default)
        value = self[name]
        del self[name]
        return value

    def setdefault(self, name, default=None):
        if name not in self:
            self[name] = default
        return self[name]

    def copy(self):
        other = Variables(self._channel, self._read)
        dict.update(other, dict.items(self))
        other._gone = set(self._gone)
        return other

    __copy__ = copy

    def __deepcopy__(self, memo):
        return self.copy()


class Hosts(Mapping):
    """`hostvars`. As in Ansible it is no dict, so that nobody goes through all of it unasked."""

    def __init__(self, channel, read):
        self._channel = channel
        self._read = read
        self._known = {}

    def __getitem__(self, name):
        if name not in self._known:
            if name not in self:
                raise KeyError(name)
            self._known[name] = HostVariables(self._channel, self._read, name)
        return self._known[name]

    def __contains__(self, name):
        return isinstance(name, str) and self._channel.ask('has_host', name)

    def __iter__(self):
        return iter(self._channel.ask('hosts'))

    def __len__(self):
        return len(self._channel.ask('hosts'))


class HostVariables(Mapping):
    """The variables of one host."""

    def __init__(self, channel, read, host):
        self._channel = channel
        self._read = read
        self._host = host
        self._known = {}

    def __getitem__(self, name):
        if name not in self._known:
            answer = self._channel.ask('variable', name, self._host)
            if 'value' not in answer:
                raise KeyError(name)
            self._known[name] = self._read(answer['value'])
        return self._known[name]

    def __contains__(self, name):
        return isinstance(name, str) and self._channel.ask('has', name, self._host)

    def __iter__(self):
        return iter(self._channel.ask('names', None, self._host))

    def __len__(self):
        return len(self._channel.ask('names', None, self._host))
