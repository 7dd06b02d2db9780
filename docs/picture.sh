#!/usr/bin/env bash
# Makes docs/weekly-summary.png: the demo's page as a phone shows it, by a headless Chromium.
#
#   docs/picture.sh COACH [PICTURE]     COACH: the command to run, such as .venv/bin/coach
set -euo pipefail

readonly WIDTH=420 # CSS pixels: a phone held upright
readonly SCALE=2   # picture pixels for each: sharp on a good screen

coach=$1
picture=$(realpath -m "${2:-$(dirname "$0")/weekly-summary.png}")
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
    echo "A Chromium is needed to take the picture (on Debian: apt-get install chromium)." >&2
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work # the demo's home goes with it

browse() { # Chromium talks a lot; what it says matters only where it fails
    "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
        --force-device-scale-factor="$SCALE" "$@" 2>"$work/browser.log" || {
        cat "$work/browser.log" >&2
        return 1
    }
}

"$coach" demo >"$work/demo.txt"
page=$(sed -n 's/^The same as a page: *//p' "$work/demo.txt")

# A window that is as high as the page: measured first (at its width by style, for a window has a least width), then taken.
measure="document.documentElement.style.width = '${WIDTH}px'; document.title = document.documentElement.offsetHeight"
sed "s|</body>|<script>$measure</script></body>|" "$page" >"$work/measured.html"
height=$(browse --dump-dom "$work/measured.html" | sed -n 's|.*<title>\([0-9]*\)</title>.*|\1|p')
browse --window-size="$WIDTH,$height" --screenshot="$picture" "$page" >/dev/null
echo "$picture, $((WIDTH * SCALE)) x $((height * SCALE))"
