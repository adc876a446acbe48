# Makes this environment the one that `python` means. Use it from csh or tcsh: source bin/activate.csh

alias deactivate 'test $?_PYBUN_OLD_PATH != 0 && setenv PATH "$_PYBUN_OLD_PATH:q" && unset _PYBUN_OLD_PATH; test $?_PYBUN_OLD_PYTHONHOME != 0 && setenv PYTHONHOME "$_PYBUN_OLD_PYTHONHOME:q" && unset _PYBUN_OLD_PYTHONHOME; test $?_PYBUN_OLD_PROMPT != 0 && set prompt="$_PYBUN_OLD_PROMPT:q" && unset _PYBUN_OLD_PROMPT; unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT; rehash; test "\!:*" != "keep" && unalias deactivate'

deactivate keep

setenv VIRTUAL_ENV @ROOT@
setenv VIRTUAL_ENV_PROMPT @PROMPT@

set _PYBUN_OLD_PATH="$PATH:q"
setenv PATH "${VIRTUAL_ENV:q}/@SCRIPTS@:${PATH:q}"

# A PYTHONHOME would take precedence over the environment.
if ($?PYTHONHOME) then
    set _PYBUN_OLD_PYTHONHOME="$PYTHONHOME:q"
    unsetenv PYTHONHOME
endif

if ($?prompt && ! $?VIRTUAL_ENV_DISABLE_PROMPT) then
    set _PYBUN_OLD_PROMPT="$prompt:q"
    set prompt="(${VIRTUAL_ENV_PROMPT:q}) $prompt:q"
endif

rehash
