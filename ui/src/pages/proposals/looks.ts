import type { ProposalRow } from "../../api/types";
import type { IconName } from "../../components/Icon";
import type { Tone } from "../../components/Tag";

export const proposalLooks: Record<ProposalRow["state"], { icon: IconName; tone: Tone }> = {
  open: { icon: "wait", tone: "wait" },
  accepted: { icon: "check", tone: "good" },
  rejected: { icon: "cross", tone: "plain" },
  withdrawn: { icon: "back", tone: "plain" },
};
