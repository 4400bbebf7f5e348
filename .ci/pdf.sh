#!/bin/sh
# Install what PDFs need of the system (pango and the Noto CJK fonts), where that can be done.
# Without them the site is built all the same, only without PDFs, and the build says so.
set -eu
has_fonts() { ls /usr/share/fonts/*/noto/NotoSerifCJK-Regular.ttc >/dev/null 2>&1; }
has_pango() { ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0\.so'; }
if has_fonts && has_pango; then
  exit 0
fi
run=""
[ "$(id -u)" -eq 0 ] || run="sudo -n"
if ! command -v apt-get >/dev/null 2>&1 || ! $run true 2>/dev/null; then
  echo "No PDFs will be made: please install pango and the Noto CJK fonts (see README)." >&2
  exit 0
fi
$run apt-get update -qq || true
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends \
  libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk >/dev/null ||
  echo "No PDFs will be made: pango or the Noto CJK fonts could not be installed." >&2
