"""What is noted of a process whose lines are recorded: the files that it reads, and what makes its lines unknown."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tree_repository import write_files

FILES = {
    "data.txt": "data\n",
    "shop/__init__.py": "",
    "shop/rates.txt": "3\n",
    "shop/basket.py": "ITEMS = []\n",
    "shop/nothing.py": "",
}

# Runs the project's module `code`, as steps run it, and prints what was noted.
SCRIPT = """\
import json, sys
from pathlib import Path
from spec2bdd.adapters.behave.lines.accesses import AccessWatch
watch = AccessWatch(Path.cwd())
watch.start()
sys.path.insert(0, ".")
import code_of_steps
files, doubts = watch.find_modules()
print(json.dumps([sorted(watch.read), sorted(watch.doubts | doubts), sorted(files)]))
"""


def note(root: Path, code: str) -> tuple[list[str], list[str], list[str]]:
    """Run code in a project, and return the files that it read, the doubts, and the modules that it loaded."""
    write_files(root, {**FILES, "code_of_steps.py": f"import sysconfig, types, spec2bdd\n{code}"})
    (root / "link.txt").symlink_to("data.txt")
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, text=True, check=True)
    read, doubts, files = json.loads(done.stdout.splitlines()[-1])
    return read, doubts, files


# A step definition of an installed package, which spec2bdd calls.
INSTALLED = """\
code = compile("open('data.txt')", sysconfig.get_path("purelib") + "/its/steps.py", "exec")
exec(compile("run()", spec2bdd.__file__, "exec"), {"run": types.FunctionType(code, globals())})
"""
# Code, and the files that it reads.
READ = {
    "a file": ("open('data.txt').read()", ["data.txt"]),
    "a file below a folder": ("open('shop/rates.txt').read()", ["shop/rates.txt"]),
    "a file by its absolute path": ("import os; open(os.path.abspath('data.txt')).read()", ["data.txt"]),
    "a file through a link": ("open('link.txt').read()", ["data.txt", "link.txt"]),
    "a file by a descriptor": ("import os; os.read(os.open('data.txt', os.O_RDONLY), 9)", ["data.txt"]),
    "a file of a library": ("import json; open(json.__file__).read()", []),
    "a file outside of the project": ("open('/etc/hosts').read()", []),
    "data of a package": ("import pkgutil; pkgutil.get_data('shop', 'rates.txt')", ["shop/rates.txt"]),
    "a module that is imported": ("import shop.basket", []),
    "a module that is read": ("open('shop/basket.py').read()", ["shop/basket.py"]),
    "a module whose source is asked for": (
        "import inspect, shop.basket; inspect.getsource(shop.basket)",
        ["shop/basket.py"],
    ),
    "a file that it has written itself": ("open('new.txt', 'w').close(); open('new.txt').read()", []),
    "a file that it has read and then writes": (
        "open('data.txt').close(); open('data.txt', 'w').close()",
        ["data.txt"],
    ),
    "a log that it appends to and reads": ("open('data.txt', 'a').close(); open('data.txt').close()", ["data.txt"]),
    "a log that it appends to": ("open('data.txt', 'a').close()", []),
    "a file that it reads and appends to": ("open('data.txt', 'a+').close()", ["data.txt"]),
    "a file that it changes": ("open('data.txt', 'r+').close()", ["data.txt"]),
    "a file that is not there": ("import contextlib\nwith contextlib.suppress(OSError): open('no.txt')", ["no.txt"]),
    "a database": ("import sqlite3; sqlite3.connect('data.db').execute('select 1')", ["data.db"]),
    "a database by a URI": (
        "import sqlite3; sqlite3.connect('file:data%2etxt?mode=ro#x', uri=True)",
        ["data.txt"],
    ),
    "a database by an absolute URI": (
        "import pathlib, sqlite3; sqlite3.connect(pathlib.Path('data.txt').absolute().as_uri(), uri=True)",
        ["data.txt"],
    ),
    "a file that it makes where there is none": (
        "try: open('data.txt', 'x')\nexcept OSError: open('data.txt').close()",
        ["data.txt"],
    ),
    "a file that it has made": ("open('new.txt', 'x').close(); open('new.txt').close()", []),
    "a file that it gives another name": (
        "import os, tempfile; os.link('data.txt', tempfile.mkdtemp(dir='..') + '/x')",
        ["data.txt"],
    ),
    "the names of files": ("import os; os.listdir('shop')", ["shop/"]),
    "the names of files in the current folder": (
        "import os; os.listdir(), os.chdir('shop'), os.listdir()",
        ["./", "shop/"],
    ),
    "files that match": ("import glob; glob.glob('shop/*.txt')", ["shop/"]),
    "a folder of a library": ("import json, os; os.listdir(os.path.dirname(json.__file__))", []),
    "a file that an installed step definition reads": (
        INSTALLED,
        ["data.txt"],
    ),
    "a file that spec2bdd reads": ("exec(compile('open(\\'data.txt\\')', spec2bdd.__file__, 'exec'))", []),
    "a database in memory": ("import sqlite3; sqlite3.connect(':memory:').execute('select 1')", [":memory:"]),
    "a file from another folder": (
        "import os; here = os.getcwd(); os.chdir('/'); open(os.path.join(here, 'data.txt')).read()",
        ["data.txt"],
    ),
    "a file in a thread": (
        (
            "import threading\nthread = threading.Thread(target=lambda: open('data.txt').read())\n"
            "thread.start()\nthread.join()"
        ),
        ["data.txt"],
    ),
}

PROCESS = "starts a process"
SERVER = "connects to a server"
LIBRARY = "loads a library that is not Python"
# Code, and why what it runs is not known.
DOUBTS = {
    "nothing": ("x = 1", []),
    "a process": ("import subprocess; subprocess.run(['true'])", [PROCESS]),
    "a shell": ("import os; os.system('true')", [PROCESS]),
    "a fork": ("import os\npid = os.fork()\nif not pid: os._exit(0)\nos.waitpid(pid, 0)", [PROCESS]),
    "a spawned process": ("import os\nos.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)", [PROCESS]),
    "a process of multiprocessing": (
        (
            "import multiprocessing\nprocess = multiprocessing.get_context('fork').Process(target=int)\n"
            "process.start()\nprocess.join()"
        ),
        [PROCESS],
    ),
    "a connection": (
        (
            "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
            "socket.create_connection(server.getsockname()).close()"
        ),
        [SERVER],
    ),
    "a folder that is opened": ("import os; os.open('shop', os.O_RDONLY)", ["opens a folder"]),
    "a tracer": ("import sys; sys.settrace(None)", ["traces its own lines"]),
    "a thread": ("import threading; threading.Thread(target=int).start()", []),
    "a server alone": ("import socket\nsocket.create_server(('127.0.0.1', 0)).close()", []),
    "a library": ("import ctypes; ctypes.CDLL('libc.so.6')", [LIBRARY]),
    "modules of the standard library": ("import json, decimal, ssl, sqlite3, zlib", []),
    "modules that open nothing": ("import yaml, markupsafe", []),
}


@pytest.mark.parametrize(("code", "expected"), READ.values(), ids=READ)
def test_a_file_of_the_project_that_is_read_is_noted(tmp_path: Path, code: str, expected: list[str]) -> None:
    assert note(tmp_path, code)[0] == expected


@pytest.mark.parametrize(("code", "expected"), DOUBTS.values(), ids=DOUBTS)
def test_what_makes_lines_unknown_is_noted(tmp_path: Path, code: str, expected: list[str]) -> None:
    assert note(tmp_path, code)[1] == expected


def test_modules_are_noted_even_if_they_have_no_line(tmp_path: Path) -> None:
    loaded = ["code_of_steps.py", "shop/__init__.py", "shop/nothing.py"]
    assert loaded == note(tmp_path, "import shop.nothing")[2]
