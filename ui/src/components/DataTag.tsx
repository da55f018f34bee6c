import { useTranslation } from "react-i18next";
import { Tag } from "./Tag";

/** Marks an incident that is about data, not about a metric: icon and word. */
export function DataTag() {
  const { t } = useTranslation();
  return <Tag icon="source" tone="wait">{t("data_incident.tag")}</Tag>;
}
