#!/bin/sh
# get-debian.sh PACKAGE COMMAND…: looks for one of the commands, or installs Debian's package where that can be done.
# Without it the tests that need it are skipped, and say so; where SHAWAHID_REQUIRE_TOOLS is set, this fails instead.
package=$1
shift
PATH="$PATH:/usr/sbin"
for name in "$@"; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1; then
  as=""
  [ "$(id -u)" = 0 ] || as="sudo -n"
  log=$(mktemp)
  if { $as apt-get update && $as env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package"; } >"$log" 2>&1
  then exit 0
  fi
  tail -n 3 "$log"
fi
echo "$package is not installed and could not be: the tests that need it will be skipped." >&2
[ -z "${SHAWAHID_REQUIRE_TOOLS:-}" ]
