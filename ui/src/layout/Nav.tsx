import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as queries from "../api/queries";
import type { LoopOverview } from "../api/types";
import { Icon } from "../components/Icon";
import { LanguageSwitch } from "./LanguageSwitch";
import { Logo } from "./Logo";
import { sections, type Section } from "./sections";

function Count({ section, loop }: { section: Section; loop: LoopOverview | undefined }) {
  const { t } = useTranslation();
  if (!loop) return null;
  const stuck = section.stuck?.(loop) ?? 0;
  if (stuck > 0) {
    return (
      <span className="nav-count bad strong" aria-label={t("nav.over_target", { n: stuck })}>
        ▲ {stuck}
      </span>
    );
  }
  const count = section.count?.(loop) ?? 0;
  return count > 0 ? <span className="nav-count">{count}</span> : null;
}

export function NavList({ onGo }: { onGo?: () => void }) {
  const { t } = useTranslation();
  const { data: loop } = useQuery(queries.loop());
  const item = (section: Section) => (
    <li key={section.name}>
      <Link
        to={section.to}
        className="nav-item"
        activeOptions={{ exact: section.to === "/", includeSearch: false }}
        data-testid={`nav-${section.name}`}
        title={t(`nav.${section.name}`)}
        {...(onGo ? { onClick: onGo } : {})}
      >
        <Icon name={section.icon} />
        <span className="nav-label cut">{t(`nav.${section.name}`)}</span>
        <Count section={section} loop={loop} />
      </Link>
    </li>
  );
  return (
    <>
      <ul>{sections.filter((section) => !section.manage).map(item)}</ul>
      <p className="nav-title small dim">{t("nav.manage")}</p>
      <ul>{sections.filter((section) => section.manage).map(item)}</ul>
    </>
  );
}

export function Nav() {
  const { t } = useTranslation();
  return (
    <nav className="nav" aria-label={t("nav.main")}>
      <Link to="/" className="nav-logo">
        <Logo />
        <span className="nav-label">metricloop</span>
      </Link>
      <NavList />
      <div className="nav-foot">
        <LanguageSwitch />
      </div>
    </nav>
  );
}
