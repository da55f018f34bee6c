import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";

/** Stands in the place of the buttons that this person may not press, and says who can change that. */
export function NotPermitted() {
  const { t } = useTranslation();
  return (
    <p className="row small mid">
      <Icon name="hand" size={14} />
      {t("problem.may_not")}
    </p>
  );
}
