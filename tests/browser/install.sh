#!/bin/sh
# Install Chromium, Firefox and a Chinese font from the system where they are missing.
set -eu
if command -v chromium >/dev/null 2>&1 && command -v firefox-esr >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Please install chromium, firefox-esr and the Noto CJK fonts; the browser tests need them." >&2
  exit 1
fi
run=""
[ "$(id -u)" -eq 0 ] || run="sudo"
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq chromium firefox-esr fonts-noto-cjk fontconfig >/dev/null
