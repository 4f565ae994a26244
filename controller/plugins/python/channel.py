"""Frames between the controller and this process: four bytes of length, then JSON."""

import json
import os
import select
import struct
import threading

import errand_values as values


class Channel(object):
    def __init__(self):
        # What plugins print, and what programs of theirs do, must not come between the frames.
        self._in = os.fdopen(os.dup(0), 'rb')
        self._out = os.fdopen(os.dup(1), 'wb')
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        self.serve = None
        self.undefined = values.Undefined

    def end_with_the_controller(self):
        """A plugin that runs when the controller dies is ended too."""
        poll = select.poll()
        poll.register(self._in.fileno(), 0)

        def watch():
            poll.poll()
            os._exit(0)

        threading.Thread(target=watch, daemon=True).start()

    def read(self):
        head = self._in.read(4)
        if len(head) < 4:
            return None
        text = self._in.read(struct.unpack('>I', head)[0]).decode('utf-8')
        return values.decode(text, self.undefined)

    def write(self, message):
        text = json.dumps(message, separators=(',', ':'), check_circular=False).encode('ascii')
        self._out.write(struct.pack('>I', len(text)))
        self._out.write(text)
        self._out.flush()

    def ask(self, question, name=None, host=None):
        """Asks the controller while a call of its is being answered; it may call again before it says."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError('variables can be read by the thread that the plugin was called in only')
        self.write({'ask': question, 'name': name, 'host': host})
        while True:
            message = self.read()
            if message is None:
                os._exit(0)
            if 'answer' in message:
                return message['answer']
            self.serve(message)
