import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { assignIncident } from "../../api/actions";
import * as queries from "../../api/queries";
import type { IncidentPage } from "../../api/types";
import { ReasonDrawer } from "../../components/ReasonDrawer";
import { useAct } from "../../components/useAct";
import { useWords } from "../../i18n/useWords";

/** Gives the incident to somebody else; that is not an acknowledgement and stops no escalation. */
export function AssignDrawer({ incident, open, onClose }: { incident: IncidentPage; open: boolean; onClose: () => void }) {
  const { t, slice } = useWords();
  const { data: people } = useQuery({ ...queries.people(), enabled: open });
  const [person, setPerson] = useState<string>();
  const act = useAct((note: string) => assignIncident(incident.id, person ?? "", note), {
    done: t("incident.assigned"),
    kinds: ["incident", "loop"],
    after: onClose,
  });
  return (
    <ReasonDrawer
      open={open}
      title={t("incident.assign_title", { id: incident.id })}
      label={t("form.note")}
      action={t("incident.assign")}
      busy={act.isPending}
      testId="incident-assign-confirm"
      onClose={onClose}
      onDone={(note) => person && act.mutate(note)}
    >
      <p className="list mid">{t("incident.assign_help")}</p>
      <label className="stack tight">
        <span className="small mid">{t("incident.assign_to")}</span>
        <Select
          showSearch={{ optionFilterProp: "label" }}
          value={person ?? null}
          onChange={setPerson}
          options={(people ?? []).map((one) => ({
            value: one.id,
            label: [one.name, one.scripted ? t("person.scripted") : "", one.owns.slice(0, 2).map(slice).join(" · ")].filter(Boolean).join(" · "),
          }))}
        />
      </label>
    </ReasonDrawer>
  );
}
