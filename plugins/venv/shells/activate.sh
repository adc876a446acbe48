# Makes this environment the one that `python` means. Use it from bash, zsh or another POSIX shell: . bin/activate

deactivate () {
    if [ "${_PYBUN_OLD_PATH+set}" = set ]; then
        PATH=$_PYBUN_OLD_PATH
        export PATH
        unset _PYBUN_OLD_PATH
    fi
    if [ "${_PYBUN_OLD_PYTHONHOME+set}" = set ]; then
        PYTHONHOME=$_PYBUN_OLD_PYTHONHOME
        export PYTHONHOME
        unset _PYBUN_OLD_PYTHONHOME
    fi
    if [ "${_PYBUN_OLD_PS1+set}" = set ]; then
        PS1=$_PYBUN_OLD_PS1
        unset _PYBUN_OLD_PS1
    fi
    unset VIRTUAL_ENV
    unset VIRTUAL_ENV_PROMPT
    # The shell remembers where it found a command, which may now be another one.
    hash -r 2>/dev/null || true
    if [ "${1-}" != keep ]; then
        unset -f deactivate
    fi
}

# Leave what was active before.
deactivate keep

VIRTUAL_ENV=@ROOT@
VIRTUAL_ENV_PROMPT=@PROMPT@
if [ "${OSTYPE-}" = cygwin ] || [ "${OSTYPE-}" = msys ]; then
    VIRTUAL_ENV=$(cygpath "$VIRTUAL_ENV")
fi
export VIRTUAL_ENV
export VIRTUAL_ENV_PROMPT

_PYBUN_OLD_PATH=$PATH
PATH=$VIRTUAL_ENV/@SCRIPTS@:$PATH
export PATH

# A PYTHONHOME would take precedence over the environment.
if [ "${PYTHONHOME+set}" = set ]; then
    _PYBUN_OLD_PYTHONHOME=$PYTHONHOME
    unset PYTHONHOME
fi

if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
    _PYBUN_OLD_PS1=${PS1-}
    PS1="($VIRTUAL_ENV_PROMPT) ${PS1-}"
fi

hash -r 2>/dev/null || true
