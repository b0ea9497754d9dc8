#!/usr/bin/env bash
source ./lib.sh
. /etc/profile
set -e

readonly LIMIT=3
name="x"

function build {
  local inner=1
  make
}

deploy() {
  echo deploy
}

if [ -n "$1" ]; then
  clean() { rm -rf out; }
fi
