"""Answers the controller's calls of filters, tests and lookups, one after the other."""

import errand_channel
import errand_values as values


def main():
    channel = errand_channel.Channel()
    settings = channel.read()
    if settings is None:
        return
    channel.end_with_the_controller()
    server = Server(channel, settings)
    channel.serve = server.serve
    while True:
        message = channel.read()
        if message is None:
            return
        server.serve(message)


class Server(object):
    def __init__(self, channel, settings):
        self._channel = channel
        self._settings = settings
        self._plugins = None

    def serve(self, message):
        """A call is answered whatever comes of it."""
        try:
            answer = {'result': values.encode(self._run(message))}
        except RecursionError as error:
            answer = {'error': described(error)}
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:
            answer = {'error': described(error)}
        if self._plugins is not None and self._plugins.warnings:
            answer['warnings'] = [str(text) for text in self._plugins.warnings]
            del self._plugins.warnings[:]
        self._channel.write(answer)

    def _run(self, message):
        plugins = self._open()
        what = message['do']
        if what == 'folders':
            return plugins.add_folders(message['folders'])
        if what == 'find':
            return plugins.find(message['kind'], message['name'])
        variables = values.Variables(self._channel, plugins.untrusted)
        if what == 'call':
            return plugins.call(message, variables)
        return plugins.lookup(message, variables)

    def _open(self):
        if self._plugins is None:
            if self._settings['has_core']:
                import errand_with_core as place
            else:
                import errand_without_core as place
            self._plugins = place.Plugins(self._settings, self._channel)
        return self._plugins


def described(error):
    """What was raised, so that the controller can say it as Ansible does."""
    kinds = [one.__name__ for one in type(error).__mro__]
    try:
        message = str(error)
    except Exception:
        message = type(error).__name__
    return {'kinds': kinds, 'class': str(type(error)), 'message': message}
