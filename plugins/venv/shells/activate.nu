# Makes this environment the one that `python` means. Use it from nushell: overlay use bin/activate.nu
# `deactivate` leaves it again.

export-env {
    let environment = @ROOT@
    let shown = @PROMPT@
    let key = if ("Path" in $env) { "Path" } else { "PATH" }
    let path = ($env | get $key | prepend ($environment | path join "@SCRIPTS@"))
    load-env {$key: $path, VIRTUAL_ENV: $environment, VIRTUAL_ENV_PROMPT: $shown}
    hide-env --ignore-errors PYTHONHOME

    if not ("VIRTUAL_ENV_DISABLE_PROMPT" in $env) {
        let before = ($env.PROMPT_COMMAND? | default "")
        $env.PROMPT_COMMAND = {||
            let rest = if ($before | describe) == "closure" { do $before } else { $before }
            $"\(($shown)) ($rest)"
        }
    }
}

export alias deactivate = overlay hide activate
