# Sourced by ./run and ./test: finds the .NET 10 SDK and Node.js, installs what it may, says plainly what is missing.

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

# True on Debian and Ubuntu when packages can be installed without asking a person.
may_install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

apt_updated=
install() {
  local as_root=
  [ "$(id -u)" = 0 ] || as_root='sudo -n'
  say "Installing $* …"
  if [ -z "$apt_updated" ]; then $as_root apt-get update -qq >/dev/null 2>&1 || true; apt_updated=1; fi
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

need_dotnet() {
  if command -v dotnet >/dev/null 2>&1 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then return; fi
  if may_install && install dotnet-sdk-10.0 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then return; fi
  stop "The .NET 10 SDK is missing." \
    "  Ubuntu:        sudo apt-get install dotnet-sdk-10.0" \
    "  anything else: https://dotnet.microsoft.com/download/dotnet/10.0"
}

need_node() {
  local major
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
  if [ "${major:-0}" -ge 18 ] && command -v npm >/dev/null 2>&1; then return; fi
  if may_install && install nodejs npm; then
    major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
    [ "${major:-0}" -ge 18 ] && return
  fi
  stop "Node.js 18 or newer with npm is missing: it bundles the charts and icons." \
    "  Debian, Ubuntu: sudo apt-get install nodejs npm" \
    "  anything else:  https://nodejs.org/en/download"
}

# The SDK leaves empty folders with random names of six letters in the temporary folder at each build. A folder of our own, always the same so that build
# servers are found again, keeps them apart; those older than a minute, which no build needs any more, are swept away.
dotnet_build() {
  local folder code=0
  folder="${TMPDIR:-/tmp}/autonoomi-build-$(id -u)"
  mkdir -p -m 700 "$folder"
  TMPDIR=$folder dotnet build "$@" || code=$?
  find "$folder" -mindepth 1 -maxdepth 1 -type d -empty -name '??????' -mmin +1 -delete 2>/dev/null || true
  return $code
}

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
