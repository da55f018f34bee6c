import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Dropdown } from "antd";
import { logOut } from "../api/actions";
import * as queries from "../api/queries";
import { Avatar } from "../components/Person";
import { useWords } from "../i18n/useWords";

export function UserMenu() {
  const { t } = useWords();
  const { data: me } = useQuery(queries.session());
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!me) return null;
  const leave = async () => {
    await logOut();
    client.clear();
    await navigate({ to: "/login" });
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "roles", disabled: true, label: me.roles.map((role) => t(`role.${role}`)).join(" · ") },
          { key: "settings", label: t("nav.settings"), onClick: () => void navigate({ to: "/settings" }) },
          { key: "leave", label: t("login.leave"), onClick: () => void leave() },
        ],
      }}
    >
      <button type="button" className="user-button" data-testid="user-menu">
        <Avatar person={{ id: me.id, name: me.name, scripted: false }} />
        <span className="chip-extra">{me.name}</span>
        <span className="visually-hidden">{t("nav.user", { name: me.name })}</span>
      </button>
    </Dropdown>
  );
}
