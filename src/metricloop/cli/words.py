"""The few human sentences of the command line, in English and Chinese.

Data on stdout and the text of errors are English for everybody: scripts and search engines read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]

WORDS: Mapping[str, Mapping[Language, str]] = {
    "error": {"en": "error", "zh": "错误"},
    "fix": {"en": "fix", "zh": "处理办法"},
    "issues": {"en": "{count} problem(s) found", "zh": "发现 {count} 个问题"},
    "bug": {
        "en": "This should not happen. Run it again as: metricloop --debug ..., and report what you see.",
        "zh": "这是程序缺陷。请用 metricloop --debug ... 再运行一次，并报告看到的内容。",
    },
    "interrupted": {"en": "Stopped. Nothing is lost.", "zh": "已停止，没有丢失任何内容。"},
    "check.fine": {"en": "{folder}: no problems.", "zh": "{folder}：没有问题。"},
    "doctor.fine": {"en": "Everything is as it should be.", "zh": "一切正常。"},
    "plan.nothing": {"en": "Files and store agree.", "zh": "文件与库中定义一致。"},
    "apply.done": {"en": "{count} definition(s) applied.", "zh": "已应用 {count} 项定义。"},
    "export.done": {"en": "{count} file(s) written.", "zh": "已写出 {count} 个文件。"},
    "import.written": {"en": "Written: {path}", "zh": "已写出：{path}"},
    "import.kept": {
        "en": "{kind} {name} is there already and is kept; --replace replaces it.",
        "zh": "{kind} {name} 已存在，保持不变；使用 --replace 可替换。",
    },
    "import.done": {
        "en": "{datasets} dataset(s), {metrics} metric(s). Findings: {left_out} left out, {changed} changed, "
        "{assumed} assumed, {ignored} ignored.",
        "zh": "{datasets} 个数据集，{metrics} 个指标。发现：{left_out} 项未导入，{changed} 项有变化，"
        "{assumed} 项为假设，{ignored} 项被忽略。",
    },
    "explain.done": {"en": "{count} file(s) explained: {file}", "zh": "已归因 {count} 个文件：{file}"},
    "explain.skipped": {"en": "Left out: {file}: {problem}", "zh": "已跳过：{file}：{problem}"},
    "detect.skipped": {
        "en": "{path}: skipped, it lacks one of the columns {columns}.",
        "zh": "{path}：已跳过，缺少列 {columns} 之一。",
    },
    "detect.done": {
        "en": "{count} file(s) judged; results are in {folder}.",
        "zh": "已检测 {count} 个文件；结果在 {folder}。",
    },
    "init.done": {
        "en": "A project is in {folder}. Next: metricloop check {folder}",
        "zh": "项目已建在 {folder}。下一步：metricloop check {folder}",
    },
    "replay.progress": {"en": "Replaying", "zh": "回放"},
    "replay.done": {
        "en": "{incidents} incident(s) in {seconds:.0f} s.",
        "zh": "{incidents} 个事件单，用时 {seconds:.0f} 秒。",
    },
    "reconcile.done": {
        "en": "{count} dataset(s) compared with their sources; {changed} hour(s) put right.",
        "zh": "已将 {count} 个数据集与数据源核对；更正 {changed} 个小时。",
    },
    "serve.at": {"en": "metricloop is at {url}  (Ctrl-C ends it)", "zh": "metricloop 已启动：{url}（按 Ctrl-C 结束）"},
    "serve.hint": {
        "en": "Log in with a password (metricloop user add ID) or a link (metricloop user link ID).",
        "zh": "登录方式：密码（metricloop user add ID）或链接（metricloop user link ID）。",
    },
    "demo.link": {
        "en": "Your way in, once and from this computer only:",
        "zh": "登录链接（只能使用一次，且只限本机）：",
    },
    "worker.runs": {"en": "The worker runs (Ctrl-C ends it).", "zh": "工作进程已启动（按 Ctrl-C 结束）。"},
    "stopping": {"en": "Stopping ...", "zh": "正在停止……"},
    "backup.done": {"en": "Everything is in {target}.", "zh": "已备份到 {target}。"},
    "restore.done": {"en": "{database} is as {source} was.", "zh": "已从 {source} 恢复到 {database}。"},
    "audit.sound": {"en": "The audit trail is unbroken.", "zh": "审计记录完整。"},
    "audit.broken": {
        "en": "The audit trail is broken at line {sequence}: it or the line before it was changed or removed.",
        "zh": "审计记录在第 {sequence} 行断开：该行或其前一行被改动或删除。",
    },
    "user.password": {"en": "Password for {person}", "zh": "{person} 的密码"},
    "user.again": {"en": "Once more", "zh": "再输入一次"},
    "user.added": {"en": "{person} can log in now.", "zh": "{person} 现在可以登录。"},
    "user.changed": {"en": "{person} has a new password.", "zh": "{person} 的密码已更新。"},
    "user.link": {
        "en": "Works once, within 15 minutes, from this computer:",
        "zh": "15 分钟内有效，限本机，只能使用一次：",
    },
}


def words(code: str, language: Language, **params: object) -> str:
    """The sentence of this code in the reader's language."""
    return WORDS[code][language].format(**params)


def spoken(environment: Mapping[str, str]) -> Language:
    """The reader's language by the usual variables of the system; English when they name another than Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return "en"
