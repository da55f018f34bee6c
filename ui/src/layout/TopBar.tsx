import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import * as queries from "../api/queries";
import { Icon } from "../components/Icon";
import { cutMiddle } from "../i18n/texts";
import { useWords } from "../i18n/useWords";
import { ClockControl } from "./ClockControl";
import { Logo } from "./Logo";
import { ModeControl } from "./ModeControl";
import { sections } from "./sections";
import { UserMenu } from "./UserMenu";

function Crumbs() {
  const { t, local, message } = useWords();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { data: metrics } = useQuery(queries.metricDirectory());
  const [first = "", second] = path.split("/").filter(Boolean).map(decodeURIComponent);
  // Only looks into what the page itself has read: these never ask the server.
  const { data: task } = useQuery({ ...queries.task(second ?? ""), enabled: false });
  const { data: proposal } = useQuery({ ...queries.proposal(second ?? ""), enabled: false });
  const section = sections.find((one) => one.to === `/${first}`);
  const name = section ? t(`nav.${section.name}`) : "";
  if (second === undefined || !section) return <strong className="crumbs cut">{name}</strong>;
  const label = metrics?.find((metric) => metric.name === second)?.label;
  const names: Record<string, string | undefined> = {
    incidents: `#${second}`,
    metrics: second === "new" ? t("editor.new") : local(label),
    tasks: local(task?.title),
    proposals: message(proposal?.title),
  };
  const leaf = names[first] || second;
  return (
    <nav className="crumbs row cut" aria-label={t("nav.crumbs")}>
      <Link to={section.to} className="phone-only crumb-back" aria-label={t("nav.back", { name })}>
        <Icon name="back" />
      </Link>
      <Link to={section.to} className="crumb-parent">
        {name}
      </Link>
      <span className="dim crumb-parent">/</span>
      <strong className="cut" title={leaf}>
        {cutMiddle(leaf, 36)}
      </strong>
    </nav>
  );
}

export function TopBar({ onSearch }: { onSearch: () => void }) {
  const { t } = useWords();
  return (
    <header className="topbar">
      <Link to="/" className="topbar-logo" aria-label="metricloop">
        <Logo />
      </Link>
      <Crumbs />
      <span className="grow" />
      <button type="button" className="search-box" onClick={onSearch}>
        <Icon name="search" />
        <span className="visually-hidden">{t("palette.open")}</span>
        <span className="grow search-hint" aria-hidden="true">
          {t("palette.hint")}
        </span>
        <kbd className="search-hint" aria-hidden="true">
          ⌘K
        </kbd>
      </button>
      <ClockControl />
      <ModeControl />
      <UserMenu />
    </header>
  );
}
