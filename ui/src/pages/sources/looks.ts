import type { SourceRow } from "../../api/types";
import type { IconName } from "../../components/Icon";
import type { Tone } from "../../components/Tag";

export const looks: Record<SourceRow["state"], { icon: IconName; tone: Tone }> = {
  on_time: { icon: "check", tone: "good" },
  late: { icon: "alert", tone: "bad" },
  held: { icon: "wait", tone: "bad" },
  failed: { icon: "fault", tone: "bad" },
};

/** What needs somebody first stands first. */
export const rank: Record<SourceRow["state"], number> = { failed: 0, held: 1, late: 2, on_time: 3 };
