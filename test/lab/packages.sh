#!/bin/bash
# packages.sh NAME... - sees to it that these Debian packages are installed. As root it installs what is missing
# (without starting their services); else, or where that fails, it names them on standard error and ends with 1.
set -euo pipefail
command -v dpkg-query >/dev/null || { echo "needs the Debian packages $*, and this system has no dpkg" >&2; exit 1; }
missing() { for p; do [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || echo "$p"; done; }
mapfile -t want < <(missing "$@")
[ ${#want[@]} = 0 ] && exit 0
[ "$(id -u)" = 0 ] || { echo "needs the Debian packages ${want[*]}: install them as root" >&2; exit 1; }
mkdir -p /run/lock; exec 9>/run/lock/errand-lab-packages; flock 9 # several test files may come here at once
mapfile -t want < <(missing "$@")
[ ${#want[@]} = 0 ] && exit 0
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' >$policy; chmod +x $policy; trap 'rm -f $policy' EXIT; fi
install() { apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${want[@]}" </dev/null 9>&-; }
log=$(mktemp)
install >"$log" 2>&1 || { apt-get update </dev/null 9>&- && install; } >"$log" 2>&1 || {
  echo "could not install the Debian packages ${want[*]}: $(grep -m1 '^E:' "$log" || tail -n1 "$log")" >&2; rm -f "$log"; exit 1; }
rm -f "$log"
