# Lives in a program that `pybun watch` runs: notes what is loaded and what runs meanwhile, and waits in a thread of its own for
# changes, which the planner then puts in. A program that does not look for it does not meet it: no module, variable or file
# descriptor of its own is in the way, the thread ends while the program forks, and it keeps no process alive.
import _signal
import _socket
import _thread
import os
import select
import sys
import time

VARIABLE = "PYBUN_WATCH_SOCKET"
# Programs that count on the lowest free descriptors find them free.
FIRST_DESCRIPTOR = 230
LOOK_SECONDS = 0.1
# A program counts as started when it has used less than this part of a processor for that long, or has run that much longer.
IDLE_SHARE = 0.05
IDLE_SECONDS = 0.25
LONGEST_START_SECONDS = 15.0
SETTLED_SECONDS = 2.5
LEFT_OUT = frozenset(("site-packages", "dist-packages", "node_modules", ".venv"))
FUNCTION_FLAGS = 0x3  # CO_OPTIMIZED | CO_NEWLOCALS

# The reloaders of frameworks would watch the same files and start a second process: here they run the program in this one.
RELOADERS = {
    "werkzeug._reloader": "\ndef run_with_reloader(main_func, *args, **kwargs):\n    main_func()\n",
    "django.utils.autoreload": (
        "\ndef run_with_reloader(main_func, *args, **kwargs):\n"
        "    signal.signal(signal.SIGTERM, lambda *args: sys.exit(0))\n"
        "    main_func(*args, **kwargs)\n"
    ),
    "uvicorn.config": "\nConfig.should_reload = property(lambda self: False)\n",
}


# Functions of servers that answer one request, by the end of their files' names.
REQUESTS = {
    "process_request_thread": "socketserver.py",
    "handle_one_request": ("server.py", "basehttp.py", "serving.py"),
    "run_wsgi": "serving.py",
    "run_asgi": ("h11_impl.py", "httptools_impl.py", "websockets_impl.py", "wsproto_impl.py"),
    # Functions that are not coroutines are run for requests in threads of anyio's.
    "run": "anyio/_backends/_asyncio.py",
}


class Record:
    """A module's file as it was loaded: the code that ran, and who asked for it."""

    __slots__ = ("code", "importer", "is_sure", "name", "path", "source", "starts")

    def __init__(self, name, path, code, source, importer):
        self.name = name
        self.path = path
        self.code = code
        self.source = source
        self.importer = importer
        self.is_sure = is_sure(code.co_filename)
        self.starts = {}  # of the planner's pieces


class Agent:
    def __init__(self, roots, is_hot):
        self.roots = tuple({os.path.realpath(root) + os.sep for root in roots} | {root + os.sep for root in roots})
        prefixes = {os.path.realpath(prefix) + os.sep for prefix in (sys.prefix, sys.base_prefix)}
        self.not_own = tuple(prefixes - set(self.roots))
        self.is_hot = is_hot
        self.records = {}  # path -> [Record]
        self.main = None  # Record of the script, if it is watched
        self.main_module_code = None
        self.program_line = None
        # What ran, by id of the code: while modules were loaded, while the program started, since then.
        self.ran_loading = set()
        self.ran_starting = set()
        self.ran_since = set()
        self.has_started = False
        self.watched = set()
        self.names = set()  # of all functions that are the program's own
        self.kept = []  # codes whose ids are in the sets above
        self.events = None
        self.planner = None
        self.started_at = time.monotonic()
        self.has_unsure = False
        self.is_dead = False

    # What is the program's own

    def is_own(self, path):
        return path.startswith(self.roots) and not path.startswith(self.not_own) and not LEFT_OUT.intersection(path.split(os.sep))

    def note(self, name, path, code, source):
        record = Record(name, path, code, source, importer_of(self))
        self.records.setdefault(path, []).append(record)
        self.has_unsure = self.has_unsure or record.is_sure is None
        self.follow(code)
        return record

    # What ran when

    def follow(self, code):
        """Learns when the functions in a code run first."""
        self.kept.append(code)
        if code.co_flags & FUNCTION_FLAGS == FUNCTION_FLAGS:
            self.watched.add(id(code))
            self.names.add(code.co_name)
            if self.events is not None:
                self.events.watch(code)
        for inner in code.co_consts:
            if hasattr(inner, "co_consts"):
                self.follow(inner)

    def ran(self, code, frame):
        key = id(code)
        if self.is_loading(frame):
            self.ran_loading.add(key)
        elif self.has_started or is_request(frame):
            self.ran_since.add(key)
        else:
            self.ran_starting.add(key)

    def is_loading(self, frame):
        """Whether a module is being loaded below this frame; the script counts up to where its program begins."""
        while frame is not None:
            code = frame.f_code
            if code.co_name == "<module>":
                if code is not self.main_module_code:
                    if frame.f_globals.get("__name__") != "__main__":
                        return True
                elif frame.f_lineno < self.program_starts():
                    return True
            frame = frame.f_back
        return False

    def program_starts(self):
        return self.program_line or 0

    def met_main(self, code):
        """The script's own code, which no loader hands out."""
        self.main_module_code = code
        path = os.path.realpath(code.co_filename)
        try:
            with open(path, "rb") as file:
                source = file.read()
        except OSError:
            return
        known = self.records.get(path)
        if known:
            self.main = known[-1]
            self.main_module_code = code = self.main.code if same_file(self.main.code, code) else code
        else:
            self.main = self.note("__main__", path, code, source)
            self.main.importer = None
        self.program_line = first_line_of_program(self.main.source)


def is_request(frame):
    """Whether a server runs this for one who asks it: such work is done again, other than what makes the server."""
    while frame is not None:
        code = frame.f_code
        if code.co_name in REQUESTS and code.co_filename.endswith(REQUESTS[code.co_name]):
            return True
        frame = frame.f_back
    return False


def same_file(first, second):
    return first is second or first.co_code == second.co_code


def importer_of(agent):
    """The file whose import statement leads here; None for Python itself, False for code that is not the program's own."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith("<frozen") and not name.endswith(("importlib/__init__.py", "runpy.py", "/_pybun_watch.py")):
            if name.startswith("<"):
                return None
            return os.path.realpath(name) if agent.is_own(name) else False
        frame = frame.f_back
    return None


def first_line_of_program(source):
    """Where a script stops to define and begins to do: at its `__name__` test, else at its last statement."""
    lines = source.decode("utf-8", "replace").splitlines()
    last = 0
    for number, line in enumerate(lines, 1):
        if line[:1].isspace() or line[:1] in ("", "#", ")", "]", "}", '"', "'"):
            continue
        word = line.split(None, 1)[0].rstrip(":")
        if line.startswith("if") and "__name__" in line and "__main__" in line:
            return number
        if word not in ("except", "finally", "else", "elif", "case"):
            last = number
    return last or 1


def is_sure(path):
    """Whether the code that was loaded is certainly what its file makes: of a file that changed in the second in which it was compiled,
    Python may have kept the code of the one before. None where that is to be found out."""
    try:
        info = os.stat(path)
        compiled = time.time()
        try:
            compiled = min(compiled, os.stat(sys.modules["_frozen_importlib_external"].cache_from_source(path)).st_mtime)
        except (OSError, NotImplementedError):
            pass
        return compiled - max(info.st_mtime, info.st_ctime) > SETTLED_SECONDS or None
    except OSError:
        return None


# How the interpreter tells what runs


class Monitoring:
    """sys.monitoring (3.12): each function tells of its first run, at no cost after that."""

    def __init__(self, agent):
        self.agent = agent
        self.of_system = sys.monitoring
        self.start = self.of_system.events.PY_START
        self.tool = next(tool for tool in (4, 3) if self.of_system.get_tool(tool) is None)
        self.of_system.use_tool_id(self.tool, "pybun watch")
        self.of_system.register_callback(self.tool, self.start, self.on_start)
        # Until the script itself begins.
        self.of_system.set_events(self.tool, self.start)

    def on_start(self, code, _offset):
        agent = self.agent
        if id(code) in agent.watched:
            agent.ran(code, sys._getframe(1))
        elif code.co_name == "<module>" and agent.main_module_code is None:
            frame = sys._getframe(1)
            if frame.f_globals.get("__name__") == "__main__":
                self.of_system.set_events(self.tool, 0)
                meet_main(agent, frame)
        return self.of_system.DISABLE

    def watch(self, code):
        self.of_system.set_local_events(self.tool, code, self.start)

    def again(self):
        self.of_system.restart_events()


class Tracing:
    """Before that, a trace function in the main thread, until the program has started."""

    def __init__(self, agent):
        self.agent = agent
        sys.settrace(self.on_call)

    def on_call(self, frame, event, _arg):
        agent = self.agent
        code = frame.f_code
        if id(code) in agent.watched:
            agent.ran(code, frame)
        elif agent.main_module_code is None and code.co_name == "<module>":
            if frame.f_globals.get("__name__") == "__main__":
                meet_main(agent, frame)
        if agent.has_started:
            sys.settrace(None)
        return None

    def watch(self, code):
        pass

    def again(self):
        pass


def meet_main(agent, frame):
    code = frame.f_code
    if agent.is_own(os.path.abspath(code.co_filename)):
        agent.met_main(code)
    else:
        agent.main_module_code = code
        agent.program_line = 0


def hook_loader(agent):
    """Every module from a source file passes `get_code`; what it gives back is what runs."""
    external = sys.modules["_frozen_importlib_external"]
    original = external.SourceLoader.get_code

    def get_code(self, fullname):
        code = original(self, fullname)
        if agent.is_dead or code is None:
            return code
        more = RELOADERS.get(fullname)
        if more is not None:
            return with_more(self, fullname, code, more)
        if agent.is_own(code.co_filename):
            path = os.path.realpath(code.co_filename)
            try:
                source = self.get_data(path)
            except OSError:
                source = b""
            agent.note(fullname, path, code, source)
            if agent.events is not None:
                agent.events.again()
        return code

    # A traceback leaves out what the import system does, which it knows by this name.
    get_code.__code__ = get_code.__code__.replace(co_filename=original.__code__.co_filename)
    external.SourceLoader.get_code = get_code


def with_more(loader, fullname, code, more):
    try:
        source = loader.get_data(loader.get_filename(fullname)).decode("utf-8")
        return compile(source + more, code.co_filename, "exec", dont_inherit=True)
    except Exception:
        return code


# The way to PyBun


class Line:
    """The socket and the thread that listens to it."""

    def __init__(self, agent, path):
        self.agent = agent
        self.socket = out_of_the_way(connect(path))
        receive, send = os.pipe()
        self.wake_end = high(receive)
        self.wake = high(send)
        self.rest = b""
        self.ended = _thread.allocate_lock()
        self.native_id = None
        self.send(b'{"hello":{"pid":%d}}\n' % os.getpid())
        self.listen()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            self.agent.is_dead = True

    def listen(self):
        self.ended.acquire()
        _thread.start_new_thread(self.work, ())

    def work(self):
        try:
            # The program's own threads are to get its signals.
            _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
        except (AttributeError, ValueError):
            pass
        try:
            self.native_id = _thread.get_native_id()
            poll = select.poll()
            poll.register(self.socket, select.POLLIN)
            poll.register(self.wake_end, select.POLLIN)
            self.loop(poll)
        except Exception:
            self.agent.is_dead = True
            self.socket.close()
        finally:
            self.ended.release()

    def loop(self, poll):
        idle_since, busy = time.monotonic(), time.process_time()
        while True:
            agent = self.agent
            ready = poll.poll(None if agent.has_started and not agent.has_unsure else LOOK_SECONDS * 1000)
            now, used = time.monotonic(), time.process_time()
            if not agent.has_started:
                if used - busy > IDLE_SHARE * (now - idle_since) + 0.005:
                    idle_since, busy = now, used
                elif now - idle_since > IDLE_SECONDS and agent.main_module_code is not None:
                    self.started()
                if now - agent.started_at > LONGEST_START_SECONDS:
                    self.started()
            elif not ready:
                agent.has_unsure = agent.is_hot and plan_with(agent).look_at_unsure(agent)
            for descriptor, _event in ready:
                if descriptor == self.wake_end:
                    os.read(self.wake_end, 1)
                    return
                data = self.socket.recv(1 << 20)
                if not data:
                    agent.is_dead = True
                    self.socket.close()
                    return
                lines = (self.rest + data).split(b"\n")
                self.rest = lines.pop()
                for line in lines:
                    self.take(line)

    def started(self):
        self.agent.has_started = True
        # While nothing else is to be done, so that the first change does not wait for it.
        plan_with(self.agent)
        if self.agent.events is not None:
            self.agent.events.again()

    def take(self, line):
        from json import dumps, loads

        message = loads(line)
        if "planner" in message:
            self.agent.planner = message["planner"]
            return
        answer = respond(self.agent, message["changes"])
        self.send(dumps({"answer": answer}).encode() + b"\n")

    # A fork sees one thread only, and warns of others.

    def before_fork(self):
        if self.agent.is_dead or _thread.get_native_id() == self.native_id:
            return
        os.write(self.wake, b"x")
        self.ended.acquire()
        task = "/proc/self/task/%d" % (self.native_id or 0)
        for _ in range(1000):
            if not os.path.exists(task):
                break
            time.sleep(0.0001)
        self.ended.release()

    def after_fork(self):
        if not self.agent.is_dead and not self.ended.locked():
            self.listen()

    def in_child(self):
        self.agent.is_dead = True
        for descriptor in (self.socket.fileno(), self.wake_end, self.wake):
            try:
                os.close(descriptor)
            except OSError:
                pass
        self.socket.detach()


def connect(path):
    made = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    made.connect(path)
    return made


def out_of_the_way(made):
    moved = _socket.socket(fileno=high(made.detach()))
    return moved


def high(descriptor):
    for number in range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + 20):
        try:
            os.fstat(number)
        except OSError:
            try:
                os.dup2(descriptor, number, inheritable=False)
            except OSError:
                return descriptor
            os.close(descriptor)
            return number
    return descriptor


def respond(agent, changes):
    """The answer to changes; whatever goes wrong asks for a new start."""
    started = time.perf_counter()
    try:
        answer = plan_with(agent).respond(agent, changes)
    except BaseException as error:
        answer = {"action": "restart", "reason": "%s: %s" % (type(error).__name__, error), "names": []}
    answer["durationMs"] = (time.perf_counter() - started) * 1000
    return answer


def plan_with(agent):
    if isinstance(agent.planner, list):
        agent.planner = load_planner(agent.planner)
    return agent.planner


def load_planner(sources):
    """Modules of one another that nobody else meets."""
    made = {}
    for name, source in sources:
        full = "_pybun_watch_" + name
        module = type(sys)(full)
        sys.modules[full] = made[full] = module
        exec(compile(source, "<pybun watch %s>" % name, "exec", dont_inherit=True), module.__dict__)
    for full in made:
        sys.modules.pop(full, None)
    return made[full]


def start(config):
    path = os.environ.pop(VARIABLE, None)
    if path is None:
        return
    agent = Agent(config["roots"], config["is_hot"])
    try:
        line = Line(agent, path)
    except OSError:
        return
    hook_loader(agent)
    if agent.is_hot:
        agent.events = Monitoring(agent) if sys.version_info >= (3, 12) else Tracing(agent)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=line.before_fork, after_in_parent=line.after_fork, after_in_child=line.in_child)
