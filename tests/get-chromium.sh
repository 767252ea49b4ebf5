#!/bin/sh
# Finds Chromium, or installs Debian's where that can be done. Without it the tests of the page are skipped, and say so.
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1; then
  as=""
  [ "$(id -u)" = 0 ] || as="sudo -n"
  log=$(mktemp)
  if { $as apt-get update && $as env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1
  then exit 0
  fi
  tail -n 3 "$log"
fi
echo "Chromium is not installed and could not be: the tests of the page will be skipped." >&2
[ -z "${SHAWAHID_REQUIRE_BROWSER:-}" ]
