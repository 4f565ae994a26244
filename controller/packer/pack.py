"""Packs one Python module of Ansible so that it runs on a host that has nothing but Python.

Reads one request, a JSON object, from standard input:
    path          the module's file
    name          its full name, as `ansible.modules.user`
    module_utils  folders with further module_utils
    collections   folders that hold `ansible_collections`
    out           where the packed module is to be written
Writes the zip file, which Python runs as it is, and one JSON object to standard output: {} or {"error": …}.
"""

import base64
import inspect
import io
import json
import os
import re
import sys
import zipfile

MAIN = '''\
import runpy
import sys

from ansible.module_utils import basic

stdin = getattr(sys.stdin, 'buffer', sys.stdin)
basic._ANSIBLE_ARGS = stdin.read()
if not hasattr(basic, '_ANSIBLE_PROFILE') or basic._ANSIBLE_PROFILE is None:
    basic._ANSIBLE_PROFILE = 'legacy'
runpy.run_module(
    %(name)r,
    init_globals={'_module_fqn': %(name)r, '_modlib_path': sys.path[0]},
    run_name='__main__',
    alter_sys=True,
)
'''


def main():
    request = json.load(sys.stdin)
    # What libraries print is not our answer.
    answer_to, sys.stdout = sys.stdout, sys.stderr
    try:
        answer = pack(request)
    except Exception as error:
        answer = {'error': str(error) or type(error).__name__}
    json.dump(answer, answer_to)


def pack(request):
    os.environ['ANSIBLE_COLLECTIONS_PATH'] = os.pathsep.join(request['collections'])
    script = build(request)
    found = re.search(rb'UEsDB[A-Za-z0-9+/=]{1000,}', script)
    if not found:
        raise ValueError('this version of ansible-core packs modules in an unknown way')
    content = io.BytesIO(base64.b64decode(found.group(0)))
    with zipfile.ZipFile(content, 'a', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('__main__.py', MAIN % {'name': module_in(archive, request['name'])})
    with open(request['out'], 'wb') as out:
        out.write(content.getvalue())
    return {}


def build(request):
    """The module as ansible-core would send it."""
    from ansible.executor import module_common
    from ansible.parsing.dataloader import DataLoader
    from ansible.plugins import loader
    from ansible.template import Templar

    if hasattr(loader, 'init_plugin_loader'):
        loader.init_plugin_loader()
    for folder in request['module_utils']:
        loader.module_utils_loader.add_directory(folder)
    known = inspect.signature(module_common.modify_module).parameters
    wanted = {
        'module_name': request['name'].rpartition('.')[2],
        'module_path': request['path'],
        'module_args': {},
        'templar': Templar(loader=DataLoader()),
        'task_vars': {'ansible_python_interpreter': '/usr/bin/python3'},
        'module_compression': 'ZIP_DEFLATED',
        'become_plugin': None,
        'shell_plugin': None,
    }
    built = module_common.modify_module(**{k: v for k, v in wanted.items() if k in known})
    return built[0] if isinstance(built, tuple) else built.b_module_data


def module_in(archive, name):
    """The name that the module has in the archive; one beside a playbook is packed as if it were a built-in one."""
    own = name.replace('.', '/') + '.py'
    if own in archive.namelist():
        return name
    return 'ansible.modules.' + name.rpartition('.')[2]


main()
