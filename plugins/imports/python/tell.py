# Says what PyBun knows of a missing module once Python has shown its traceback. Python tells of an exception that nobody caught
# through an audit event, which leaves nothing that a program could find: sys.excepthook stays Python's own.
import sys


def start(config):
    if config["module"] is not None:
        # `python -m` of a module that is not there: Python says so, and ends before it has given the program its name.
        _at_end(config["texts"][config["module"]], lambda: sys.argv[:1] == ["-m"])
        return
    texts = config["texts"]
    cwd = config["cwd"]
    mark = config["place"]
    from os import getpid

    own = getpid()

    def hook(event, arguments):
        if event != "sys.excepthook" or getpid() != own:
            return
        error = arguments[2]
        name = getattr(error, "name", None)
        if type(error) is not ModuleNotFoundError or not isinstance(name, str):
            return
        text = texts.get(name.partition(".")[0])
        place = _place(arguments[3], cwd)
        if text is not None and place is not None:
            _at_end(text.replace(mark, place))

    sys.addaudithook(hook)


def _place(traceback, cwd):
    place = None
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if not file.startswith("<frozen "):
            shown = file[len(cwd) + 1 :] if file.startswith(cwd + "/") else file
            place = "the code" if file == "<string>" else "%s:%d" % (shown, traceback.tb_lineno)
        traceback = traceback.tb_next
    return place


# First of all that is registered, it comes last; registered only now that the program is over, it comes first: right behind the traceback.
def _at_end(text, holds=lambda: True):
    import atexit

    def say():
        try:
            if not holds():
                return
            sys.__stderr__.write(text)
            sys.__stderr__.flush()
        except Exception:
            pass

    atexit.register(say)
