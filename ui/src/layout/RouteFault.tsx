import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, FaultPage } from "../components/states";

export function RouteFault({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  return <FaultPage error={error} what={t("problem.this_page")} retry={reset} />;
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="page">
      <h1 className="visually-hidden">{t("problem.no_page")}</h1>
      <Empty icon="search" title={t("problem.no_page")} text={t("problem.no_page_help")} action={<Link to="/">{t("nav.loop")}</Link>} />
    </main>
  );
}
