#!/usr/bin/env bash
# Makes the virtual environment: finds a Python 3.10, installs exactly what requirements.lock says.
set -euo pipefail
venv=${1:?usage: setup.sh VENV}

is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.10 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 && is_310 "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  if command -v uv >/dev/null 2>&1; then
    candidate=$(uv python find 3.10 2>/dev/null || true)
    if [ -n "$candidate" ] && is_310 "$candidate"; then
      echo "$candidate"
      return
    fi
  fi
  return 1
}

if ! python=$(find_python); then
  cat >&2 <<'TEXT'
没有找到 Python 3.10（Rasa 3.6 只支持到 3.10）。任选一种办法装上，再运行一次：
No Python 3.10 was found (Rasa 3.6 supports nothing newer). Install it one of these ways, then run again:
  pyenv:  pyenv install 3.10
  uv:     uv python install 3.10
  Debian/Ubuntu（有这个包时 / where packaged）:  apt-get install python3.10 python3.10-venv
  已装在别处 / installed elsewhere:  PYTHON=/path/to/python3.10 make run
TEXT
  exit 1
fi

echo "Python: $python"
if [ ! -x "$venv/bin/python" ] || ! is_310 "$venv/bin/python"; then
  rm -rf "$venv"
  "$python" -m venv "$venv"
fi
echo "安装依赖（首次约几分钟）/ installing locked dependencies (a few minutes the first time) …"
uv_pin=$(grep -E '^uv==' requirements.lock | cut -d' ' -f1)
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore "$uv_pin"
VIRTUAL_ENV=$PWD/$venv "$venv/bin/uv" pip sync --compile-bytecode --require-hashes requirements.lock
