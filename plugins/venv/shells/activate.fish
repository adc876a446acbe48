# Makes this environment the one that `python` means. Use it from fish: source bin/activate.fish

function deactivate -d "Leave the Python environment"
    if set -q _PYBUN_OLD_PATH
        set -gx PATH $_PYBUN_OLD_PATH
        set -e _PYBUN_OLD_PATH
    end
    if set -q _PYBUN_OLD_PYTHONHOME
        set -gx PYTHONHOME $_PYBUN_OLD_PYTHONHOME
        set -e _PYBUN_OLD_PYTHONHOME
    end
    if functions -q _pybun_old_fish_prompt
        functions -e fish_prompt
        functions -c _pybun_old_fish_prompt fish_prompt
        functions -e _pybun_old_fish_prompt
    end
    set -e VIRTUAL_ENV
    set -e VIRTUAL_ENV_PROMPT
    if test "$argv[1]" != keep
        functions -e deactivate
    end
end

deactivate keep

set -gx VIRTUAL_ENV @ROOT@
set -gx VIRTUAL_ENV_PROMPT @PROMPT@

set -g _PYBUN_OLD_PATH $PATH
set -gx PATH "$VIRTUAL_ENV/@SCRIPTS@" $PATH

# A PYTHONHOME would take precedence over the environment.
if set -q PYTHONHOME
    set -g _PYBUN_OLD_PYTHONHOME $PYTHONHOME
    set -e PYTHONHOME
end

if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt
    functions -c fish_prompt _pybun_old_fish_prompt
    function fish_prompt
        # The status of the last command belongs to the prompt that was there before.
        set -l last_status $status
        printf '(%s) ' $VIRTUAL_ENV_PROMPT
        sh -c "exit $last_status"
        _pybun_old_fish_prompt
    end
end
