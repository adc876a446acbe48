# Makes this environment the one that `python` means. Use it from PowerShell: & bin/Activate.ps1

function global:deactivate([switch]$Keep) {
    if (Test-Path Variable:_PybunOldPath) {
        $env:PATH = $global:_PybunOldPath
        Remove-Variable -Name _PybunOldPath -Scope Global
    }
    if (Test-Path Variable:_PybunOldPythonHome) {
        $env:PYTHONHOME = $global:_PybunOldPythonHome
        Remove-Variable -Name _PybunOldPythonHome -Scope Global
    }
    if (Test-Path Function:_PybunOldPrompt) {
        Copy-Item -Path Function:_PybunOldPrompt -Destination Function:global:prompt -Force
        Remove-Item -Path Function:_PybunOldPrompt
    }
    Remove-Item -Path Env:VIRTUAL_ENV, Env:VIRTUAL_ENV_PROMPT -ErrorAction SilentlyContinue
    if (-not $Keep) { Remove-Item -Path Function:deactivate }
}

deactivate -Keep

$env:VIRTUAL_ENV = @ROOT@
$env:VIRTUAL_ENV_PROMPT = @PROMPT@

$global:_PybunOldPath = $env:PATH
$env:PATH = (Join-Path $env:VIRTUAL_ENV '@SCRIPTS@') + [IO.Path]::PathSeparator + $env:PATH

# A PYTHONHOME would take precedence over the environment.
if (Test-Path Env:PYTHONHOME) {
    $global:_PybunOldPythonHome = $env:PYTHONHOME
    Remove-Item -Path Env:PYTHONHOME
}

if (-not $env:VIRTUAL_ENV_DISABLE_PROMPT) {
    Copy-Item -Path Function:prompt -Destination Function:global:_PybunOldPrompt
    function global:prompt { "($env:VIRTUAL_ENV_PROMPT) " + (_PybunOldPrompt) }
}
