"""Compiles the modules of store entries, each once for this interpreter's cache tag.

Reads the entries' folders from standard input, one a line, and writes two numbers: files compiled, files that have no
valid syntax for this interpreter. Standard library only, CPython 3.9 and later.
"""
