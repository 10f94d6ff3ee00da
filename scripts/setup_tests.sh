#!/usr/bin/env bash
# What the tests need beside Python: PostgreSQL, RabbitMQ and Redis, which the tests start themselves.
# One list of Debian packages; only what is missing is installed. Safe to run any number of times.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
need() { command -v "$1" >/dev/null 2>&1 || packages+=("${@:2}"); }
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || packages+=(rabbitmq-server)
need redis-server redis-server

if [ ${#packages[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
    echo "测试还需要 / the tests also need: ${packages[*]}" >&2
    echo "请安装后再运行（Debian/Ubuntu）/ install them, then run again: sudo apt-get install ${packages[*]}" >&2
    exit 1
  fi
  echo "安装测试用的软件包 / installing for the tests: ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # RUNLEVEL: a package's service is not started
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
