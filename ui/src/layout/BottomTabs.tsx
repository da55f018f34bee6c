import { Link } from "@tanstack/react-router";
import { Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../components/Icon";
import { LanguageSwitch } from "./LanguageSwitch";
import { NavList } from "./Nav";
import { sections } from "./sections";

/** On a phone: the three places one goes to most, and the rest behind "more". */
export function BottomTabs() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <nav className="tabs" aria-label={t("nav.tabs")}>
        {sections
          .filter((section) => ["tasks", "incidents", "metrics"].includes(section.name))
          .map((section) => (
            <Link key={section.name} to={section.to} className="tab" data-testid={`tab-${section.name}`}>
              <Icon name={section.icon} size={20} />
              {t(`nav.${section.name}`)}
            </Link>
          ))}
        <button type="button" className="tab" onClick={() => setOpen(true)}>
          <Icon name="menu" size={20} />
          {t("nav.more")}
        </button>
      </nav>
      <Drawer
        open={open}
        placement="left"
        size={260}
        onClose={close}
        title="metricloop"
        closable={{ "aria-label": t("action.close_panel") }}
      >
        <div className="nav-drawer">
          <NavList onGo={close} />
          <LanguageSwitch />
        </div>
      </Drawer>
    </>
  );
}
