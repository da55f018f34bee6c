"""What a change of definitions means, as the command line says it, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from metricloop.cli.words import Language
from metricloop.kernel.message import Message, Param

SENTENCES: Mapping[str, Mapping[Language, str]] = {
    "plan.part_added": {
        "en": "{part}: {after} (new)",
        "zh": "{part}：新增 {after}",
    },
    "plan.part_removed": {
        "en": "{part}: {before} goes",
        "zh": "{part}：删除 {before}",
    },
    "plan.part_changed": {
        "en": "{part}: {before} → {after}",
        "zh": "{part}：{before} → {after}",
    },
    "plan.history_recomputed": {
        "en": "The history of {metrics} is read again by the new definition, from {from} on; old readings are kept.",
        "zh": "{metrics} 的历史数据将按新口径从 {from} 起重新读取；旧数据仍保留备查。",
    },
    "plan.history_to_come": {
        "en": "{metrics} will be read by the new definition; nothing is stored yet.",
        "zh": "{metrics} 将按新口径读取；目前还没有存储的数据。",
    },
    "plan.history_read": {
        "en": "{metrics}: new; read as far back as its dataset is.",
        "zh": "{metrics}：新指标，历史数据将回溯到数据集的起点。",
    },
    "plan.history_kept": {
        "en": "No number changes: nothing is read again.",
        "zh": "数值不变，无需重新读取历史数据。",
    },
    "plan.monitors_relearn": {
        "en": "These monitors learn again, without alarms meanwhile: {monitors}.",
        "zh": "以下监控规则将重新学习，期间不报警：{monitors}。",
    },
    "plan.learnt_kept": {
        "en": "The monitor keeps what it has learnt.",
        "zh": "监控规则保留已学到的规律。",
    },
    "plan.learns_quietly": {
        "en": "The monitor learns the stored history quietly, and judges from then on.",
        "zh": "监控规则先静默学习已有历史，之后开始判断。",
    },
    "plan.watches_no_more": {
        "en": "The monitor judges no more; its incidents stay.",
        "zh": "监控规则不再判断；已有事件单保留。",
    },
    "plan.incidents_pinned": {
        "en": "These open incidents stay with the version they were opened on: {incidents}.",
        "zh": "以下未结束的事件单仍按其建立时的版本处理：{incidents}。",
    },
    "plan.used_by_metrics": {
        "en": "Derived metrics reckon with it: {metrics}.",
        "zh": "以下派生指标引用了它：{metrics}。",
    },
    "plan.used_in_trees": {
        "en": "It stands in the trees of {metrics}.",
        "zh": "它出现在以下指标的指标树中：{metrics}。",
    },
    "plan.used_by_playbooks": {
        "en": "Playbooks name it: {playbooks}.",
        "zh": "以下处置流程引用了它：{playbooks}。",
    },
    "plan.metric_stops": {
        "en": "{metrics}: no longer collected or judged; stored points are kept.",
        "zh": "{metrics}：不再采集和判断；已存储的数据保留。",
    },
    "plan.source_moved": {
        "en": "Read from there from now on: {datasets}. Stored history stays as it is.",
        "zh": "此后从新位置读取：{datasets}。已存储的历史保持不变。",
    },
    "plan.runs_pinned": {
        "en": "Runs under way go on with the version they began with.",
        "zh": "正在执行的流程继续使用开始时的版本。",
    },
    "plan.next_incidents": {
        "en": "Holds for incidents that are opened from now on.",
        "zh": "对此后建立的事件单生效。",
    },
    "plan.rows_shown": {
        "en": "What the members of {team} see changes: {members}.",
        "zh": "团队 {team} 成员可见的数据范围将变化：{members}。",
    },
    "plan.shown_to_teams": {
        "en": "Its numbers are shown to these teams and its owner alone: {teams}.",
        "zh": "其数值仅对以下团队及负责人可见：{teams}。",
    },
    "plan.shown_to_all": {
        "en": "Its numbers are shown to everybody who is logged in.",
        "zh": "其数值对所有已登录人员可见。",
    },
    "plan.certified": {
        "en": "It becomes certified: others may rely on it.",
        "zh": "该指标将成为已认证指标，可放心引用。",
    },
    "plan.draft_again": {
        "en": "It becomes a draft.",
        "zh": "该指标将变为草稿。",
    },
    "plan.deprecated": {
        "en": "It becomes deprecated. Successor: {successor}. Monitors still on it: {monitors}.",
        "zh": "该指标将弃用。替代指标：{successor}。仍在使用它的监控规则：{monitors}。",
    },
    "publish.not_yours": {
        "en": "Its owner or a steward may publish this: {people}.",
        "zh": "只有负责人或数据管理员可以发布：{people}。",
    },
    "publish.steward_only": {
        "en": "A steward may publish this: {people}.",
        "zh": "只有数据管理员可以发布：{people}。",
    },
    "publish.certified": {
        "en": "A steward certifies, and changes the numbers of what is certified: {people}.",
        "zh": "认证以及修改已认证指标的口径需由数据管理员进行：{people}。",
    },
    "publish.other_data": {
        "en": "It would read other data; a steward may publish this: {people}.",
        "zh": "此改动会读取其他数据，需由数据管理员发布：{people}。",
    },
    "publish.unseen_input": {
        "en": "It would show numbers that you may not see; a steward may publish this: {people}.",
        "zh": "此改动会显示您无权查看的数值，需由数据管理员发布：{people}。",
    },
    "notice.metric_on_deprecated": {
        "en": "{metric} stands on {input}, which is deprecated. Successor: {successor}.",
        "zh": "{metric} 引用了已弃用的 {input}。替代指标：{successor}。",
    },
    "notice.certified_on_draft": {
        "en": "{metric} is certified, but stands on {input}, which is a draft.",
        "zh": "{metric} 已认证，但引用了草稿指标 {input}。",
    },
    "notice.monitor_on_deprecated": {
        "en": "The monitor {monitor} watches {metric}, which is deprecated. Successor: {successor}.",
        "zh": "监控规则 {monitor} 监控的 {metric} 已弃用。替代指标：{successor}。",
    },
    "notice.playbook_on_deprecated": {
        "en": "The playbook {playbook} names {metric}, which is deprecated. Successor: {successor}.",
        "zh": "处置流程 {playbook} 引用的 {metric} 已弃用。替代指标：{successor}。",
    },
}


def in_words(said: Message, language: Language) -> str:
    """The sentence of this message in the reader's language."""
    between = "、" if language == "zh" else ", "
    return SENTENCES[said.code][language].format(
        **{name: _shown(value, between) for name, value in said.params.items()}
    )


def _shown(value: Param, between: str) -> str:
    if isinstance(value, list):
        return between.join(value) or "—"
    return "—" if value in (None, "") else str(value)
