@echo off
rem Makes this environment the one that `python` means. Use it from cmd: Scripts\activate.bat

if defined _PYBUN_OLD_PATH call "%~dp0deactivate.bat"

set "VIRTUAL_ENV=@ROOT@"
set "VIRTUAL_ENV_PROMPT=@PROMPT@"

set "_PYBUN_OLD_PATH=%PATH%"
set "PATH=%VIRTUAL_ENV%\@SCRIPTS@;%PATH%"

rem A PYTHONHOME would take precedence over the environment.
if defined PYTHONHOME set "_PYBUN_OLD_PYTHONHOME=%PYTHONHOME%"
set PYTHONHOME=

if not defined PROMPT set "PROMPT=$P$G"
if defined VIRTUAL_ENV_DISABLE_PROMPT goto :end
set "_PYBUN_OLD_PROMPT=%PROMPT%"
set "PROMPT=(%VIRTUAL_ENV_PROMPT%) %PROMPT%"

:end
