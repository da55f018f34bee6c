import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import { setSiteMode } from "../api/actions";
import * as queries from "../api/queries";
import type { Mode } from "../api/types";
import { Icon } from "../components/Icon";
import { ReasonDrawer } from "../components/ReasonDrawer";
import { useMay } from "../components/useMay";
import { useAct } from "../components/useAct";
import { useWords } from "../i18n/useWords";

export const modes: Mode[] = ["manual", "assisted", "automatic"];

/** The site's mode, always in sight; a change asks for the reason. */
export function ModeControl({ testId = "site-mode" }: { testId?: string }) {
  const { t } = useWords();
  const { data: loop } = useQuery(queries.loop());
  const [open, setOpen] = useState(false);
  const [choice, setChoice] = useState<Mode>("assisted");
  const act = useAct((reason: string) => setSiteMode(choice, reason), {
    done: t("mode.changed", { mode: t(`mode.${choice}`) }),
    kinds: ["loop", "run"],
    after: () => setOpen(false),
  });
  const may = useMay();
  if (!loop) return null;
  const show = () => {
    setChoice(loop.mode);
    setOpen(true);
  };
  return (
    <>
      <button type="button" className="chip-button" onClick={show} disabled={!may("site.mode")} data-testid={testId}>
        <Icon name="bolt" size={14} />
        <span>
          <span className="chip-extra">{t("mode.site")}</span>
          {t(`mode.${loop.mode}`)}
        </span>
      </button>
      <ReasonDrawer
        open={open}
        title={t("mode.title")}
        label={t("form.reason")}
        action={t("mode.change_to", { mode: t(`mode.${choice}`) })}
        required
        busy={act.isPending}
        onClose={() => setOpen(false)}
        onDone={(reason) => act.mutate(reason)}
      >
        <Segmented
          block
          name="site-mode"
          aria-label={t("mode.title")}
          value={choice}
          options={modes.map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
          onChange={setChoice}
        />
        <p className="list mid">{t(`mode.help.${choice}`)}</p>
        <p className="small dim">{t("mode.next_step")}</p>
      </ReasonDrawer>
    </>
  );
}
