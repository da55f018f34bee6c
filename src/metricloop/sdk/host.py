"""What the hosts of plugins (`metricloop.plugins`) need from the stages, in one place. Not for plugin authors."""

from metricloop.collect.compile import compile_reading, compile_select
from metricloop.collect.first_look import Table, compile_sample
from metricloop.collect.landing import (
    GRACE,
    LandedRow,
    Landing,
    LandingUnit,
    failed,
    for_options,
    held,
    is_complete,
    land,
    landed_row,
    mark_of,
    may_hold,
    set_aside,
    sound,
)
from metricloop.collect.model import Checked, Checksum, Profile, Reading, Row
from metricloop.collect.probes import (
    changed_of,
    compile_changed,
    compile_digest,
    compile_newest,
    compile_profile,
    compile_repeated,
    digests_of,
    newest_of,
    profiles_of,
)
from metricloop.collect.rows_read import rows_of
from metricloop.collect.scope import where_of
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.define.responsibility import ChannelDefinition
from metricloop.kernel.errors import MetricloopError
from metricloop.kernel.message import Message

__all__ = [
    "GRACE",
    "ChannelDefinition",
    "Checked",
    "Checksum",
    "Dataset",
    "LandedRow",
    "Landing",
    "LandingUnit",
    "Message",
    "MetricloopError",
    "Profile",
    "Reading",
    "Row",
    "Source",
    "Table",
    "changed_of",
    "compile_changed",
    "compile_digest",
    "compile_newest",
    "compile_profile",
    "compile_reading",
    "compile_repeated",
    "compile_sample",
    "compile_select",
    "digests_of",
    "failed",
    "for_options",
    "held",
    "is_complete",
    "land",
    "landed_row",
    "mark_of",
    "may_hold",
    "newest_of",
    "profiles_of",
    "rows_of",
    "set_aside",
    "sound",
    "where_of",
]
