#!/usr/bin/env bash
# Creates docs/report.png, the picture of a report page in the README, from the built site. Needs Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
chromium --headless --no-sandbox --disable-gpu --disable-background-networking --hide-scrollbars \
  --user-data-dir="$(mktemp -d)" --window-size=1280,1000 --screenshot=docs/report.png \
  "file://$PWD/site/incidents/INC-2025-0141.html"
