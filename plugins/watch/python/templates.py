# Files that frameworks load by themselves: where the framework forgets them, the next request reads them anew.
import gc
import os
import sys

from _pybun_watch_codes import Gone


def take_template(path, objects):
    """The names of what was forgotten. Raises `Gone` where the file may have been read in a way that is not known."""
    name = os.path.basename(path)
    if django_forgets(path) or jinja_forgets(path, objects):
        return [name]
    raise Gone("%s is no module" % name)


def django_forgets(path):
    autoreload = sys.modules.get("django.utils.autoreload")
    if autoreload is None or "django.template" not in sys.modules:
        return False
    # Connects what forgets templates and translations.
    import pathlib

    import django.template.autoreload  # noqa: F401

    results = autoreload.file_changed.send(sender=None, file_path=pathlib.Path(path))
    return any(result for _receiver, result in results)


def jinja_forgets(path, objects):
    environment = getattr(sys.modules.get("jinja2"), "Environment", None)
    if environment is None:
        return False
    real = os.path.realpath(path)
    found = False
    kinds = [environment]
    for kind in kinds:
        kinds.extend(type.__subclasses__(kind))
    wanted = frozenset(kinds)
    for one in [each for each in objects() if type(each) in wanted]:
        if not one.cache:
            continue
        cached = [one.cache.get(key) for key in list(one.cache.keys())]
        mine = [template for template in cached if template is not None and is_from(template, real)]
        if not mine:
            continue
        if any(is_held(template, one.cache, (cached, mine)) for template in mine):
            raise Gone("a template of %s is held by the program" % os.path.basename(path))
        one.cache.clear()
        found = True
    return found or is_in_templates(real)


def is_from(template, real):
    return template.filename is not None and os.path.realpath(template.filename) == real


def is_held(template, cache, lists):
    mine = {id(getattr(cache, "_mapping", cache)), id(cache), id(lists[0]), id(lists[1])}
    for holder in gc.get_referrers(template):
        # A template is in the namespace that its own code runs in.
        is_own = type(holder) is dict and holder.get("__jinja_template__") is template
        if id(holder) not in mine and type(holder) in (dict, list, tuple, set) and not is_own:
            return True
    return False


def is_in_templates(real):
    """Not loaded yet, and nothing else looks into such a folder."""
    return (os.sep + "templates" + os.sep) in real
