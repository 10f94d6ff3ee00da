# The two commands: `make run` and `make test`. Everything else is a part of them, or for developers.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export RASA_TELEMETRY_ENABLED ?= false
export TF_CPP_MIN_LOG_LEVEL ?= 3
export SQLALCHEMY_SILENCE_UBER_WARNING ?= 1
export PYTHONUNBUFFERED := 1
# More threads spin against each other on busy cores; the encoder has its own.
export OMP_NUM_THREADS ?= 1

# Three processes on two cores, since tests wait for other processes much of the time: what shares a product or a small training runs in one of them (tests/conftest.py).
TOGETHER := --numprocesses 3 --dist loadgroup --no-loadscope-reorder

# deptry reads everything first: each import is declared, each declared package used. Then the product without tests,
# scripts and the two benchmarks that have libraries of their own: it imports no development tool, and no run-time dependency is there for tests alone.
PRODUCT_ONLY := --pep621-dev-dependency-groups dev --extend-exclude '((tests|scripts)/|bench/(simulation|scale)\.py|evaluation/fit_masking/fitting\.py)'

# Words that look like a key or a password: what is none is in the baseline, marked so. Long lists of residents' words,
# hashes and pictures hold none.
SECRETS := $(VENV)/bin/detect-secrets-hook --baseline .secrets.baseline
NO_SECRETS := -- ':!*.lock' ':!*-lock.json' ':!data' ':!danger/messages' ':!evaluation/*.yml' ':!knowledge/sources' ':!*.png' ':!*.svg' ':!docs/dependencies.csv' ':!bench/stock/answers.json'

.PHONY: backup restore demo-data fuzz help run sbom soak test test-fast knowledge train setup shell wechat-sim bench bench-scale evaluate lint hooks lock clean

help: ## 显示本帮助 / this help
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: train ## 准备好一切并启动 / set everything up and start
	@exec $(PY) -m supervision

test: train ## 准备好一切并跑全部测试 / set everything up and run all tests
	@bash scripts/setup_tests.sh
	$(PY) -m pytest $(TOGETHER) --durations 30

# Tests that need a checkout only (not marked `slow`): not even the built knowledge, also where it is there.
test-fast: setup ## 一分钟的测试：不用服务、浏览器和建好的知识库 / tests of a minute: no service, browser or built knowledge
	$(PY) -m pytest $(TOGETHER) --numprocesses 2 -m "not slow" --quiet

train: setup ## 训练（输入变了才训），留成一个版本 / train what changed, keep it as a release
	@$(PY) -m training

knowledge: setup ## 建知识库（输入变了才建）/ build the knowledge store if its inputs changed
	@$(PY) -m knowledge build

setup: $(VENV)/installed ## 虚拟环境和锁定的依赖 / virtual environment, locked dependencies

$(VENV)/installed: requirements.lock scripts/setup.sh
	@bash scripts/setup.sh $(VENV)
	@touch $@

shell: setup ## 在终端里对话（先另开 make run）/ chat in the terminal
	@$(PY) -m bot shell

wechat-sim: train ## 不用公众号，在终端里当一回关注者 / chat as a WeChat follower
	@$(PY) -m wechat_sim

bench: train ## 与标准 Rasa 机器人比速度 / compare with a stock Rasa bot
	$(PY) -m bench

bench-scale: knowledge ## 查找在一百万段的规划里要多久 / what search costs in plans of up to a million passages
	$(PY) -m bench.scale

demo-data: train ## 向运行中的机器人提几千个问题（先另开 make run）/ ask the running bot a few thousand questions
	@$(PY) -m demo

fuzz: train ## 十万条古怪的输入 / a hundred thousand odd inputs（INPUTS=数量）
	$(PY) -m tests.fuzzing $(if $(INPUTS),--inputs $(INPUTS))

soak: train ## 过载，再浸泡一小时 / overload, then an hour of residents（MINUTES=分钟）
	$(PY) -m bench.soak $(if $(MINUTES),--minutes $(MINUTES))

sbom: setup ## 成分清单和许可，写到 var/sbom.cdx.json / bill of materials and licences
	@$(PY) scripts/supply.py

backup: setup ## 做一份备份，程序照常运行 / make a backup while the product runs
	@$(PY) -m backups make

restore: setup ## 恢复：make restore FILE=备份文件，OVER=1 换掉已有的 / put a backup back
	@test -n "$(FILE)" || { echo "make restore FILE=backups-made/….tar.gz [OVER=1]" >&2; exit 2; }
	@$(PY) -m backups restore "$(FILE)" $(if $(OVER),--over)

evaluate: train ## 用冻结的问题集和目录之外的话评分 / score on the frozen questions and on words from outside
	$(PY) -m evaluation
	$(PY) -m evaluation.outside_page

lint: setup ## 格式、类型、引用规则、依赖 / style, types, import rules, dependencies
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/deptry .
	$(VENV)/bin/deptry . $(PRODUCT_ONLY)
	$(PY) scripts/supply.py --check
	$(SECRETS) $$(git ls-files $(NO_SECRETS)) || test $$? -eq 3 # 3: only line numbers in the baseline were renewed
	@bash scripts/setup_tests.sh
	widget/node_modules/.bin/tsc --project widget

hooks: setup ## 提交前自动检查改过的文件 / check what changed before every commit
	$(VENV)/bin/pre-commit install

lock: setup ## 重新锁定依赖 / resolve the lock file anew
	$(VENV)/bin/uv pip compile --quiet --python-version 3.10 --generate-hashes --all-extras --no-header --no-emit-index-url pyproject.toml -o requirements.lock

clean: ## 删除一切生成物 / remove everything generated
	rm -rf $(VENV) var models bench/results
