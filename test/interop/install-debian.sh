#!/usr/bin/env bash
# Installs what the interop tests need and a Debian machine lacks: a Rust toolchain and a C compiler for the Rust host, a JDK and
# Maven for the Java host, Python with venv for the Python client. What is there already, from wherever, is left alone.
set -euo pipefail

lacks() { ! command -v "$1" >/dev/null 2>&1; }

# The Rust host wants 1.85; the plain cargo of Debian 12 is older.
old_cargo() {
  lacks cargo || lacks rustc && return 0
  local version
  version=$(cargo --version | grep -oE '[0-9]+\.[0-9]+' | head -n 1)
  [ "$(printf '%s\n1.85\n' "$version" | sort -V | head -n 1)" != 1.85 ]
}

release=$(. /etc/os-release && echo "${VERSION_ID:-}")
wanted=()
if old_cargo; then
  if [ "$release" = 12 ]; then wanted+=(cargo-web rustc-web); else wanted+=(cargo rustc); fi
fi
lacks cc && wanted+=(gcc)
[ -e /usr/include/stdio.h ] || wanted+=(libc6-dev)
lacks javac && wanted+=(default-jdk-headless)
lacks mvn && wanted+=(maven)
lacks python3 && wanted+=(python3)
python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || wanted+=(python3-venv)

[ ${#wanted[@]} -eq 0 ] && exit 0
echo "installing ${wanted[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
