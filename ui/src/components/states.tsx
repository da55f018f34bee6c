import { Alert, Button, Skeleton } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/client";
import { Card } from "./Card";
import { Icon, type IconName } from "./Icon";

/** Loading: the shape first; past a second it says what is being fetched. */
export function Loading({ what, rows = 6 }: { what: string; rows?: number }) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), 1000);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div className="loading" aria-busy="true">
      <Skeleton active={false} title paragraph={{ rows }} />
      <p className="small dim" role="status">
        {late ? t("loading.what", { what }) : ""}
      </p>
    </div>
  );
}

export function LoadingPage({ what }: { what: string }) {
  return (
    <div className="page">
      <h1 className="visually-hidden">{what}</h1>
      <Card>
        <Loading what={what} rows={10} />
      </Card>
    </div>
  );
}

/** Empty: none yet, all done, or filtered out; always with what to do next. */
export function Empty(props: { icon: IconName; title: string; text: string; action?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={props.icon} size={20} />
      </span>
      <strong>{props.title}</strong>
      <p className="list mid">{props.text}</p>
      {props.action}
    </div>
  );
}

/** What an error says: where, why, what to do. Not permitted is one of them: the detail names who can grant it. */
export function ProblemText({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof Problem)) return <>{error instanceof Error ? error.message : String(error)}</>;
  const known = t(`problem.${error.code}`, { defaultValue: "" });
  return (
    <>
      {known || error.detail || error.title || t("problem.unknown", { code: error.code })}
      {error.fix && <div className="mid">{t("problem.fix", { fix: error.fix })}</div>}
    </>
  );
}

export function Fault({ error, what, retry }: { error: unknown; what: string; retry?: () => void }) {
  const { t } = useTranslation();
  const status = error instanceof Problem ? error.status : -1;
  const title =
    status === 403 ? t("problem.not_permitted") : status === 404 ? t("problem.not_found", { what }) : t("problem.title", { what });
  return (
    <Alert
      type="warning"
      showIcon
      icon={<span className="bad"><Icon name={status === 403 ? "hand" : "fault"} /></span>}
      title={title}
      description={<ProblemText error={error} />}
      action={retry && status !== 403 && <Button onClick={retry}>{t("action.retry")}</Button>}
    />
  );
}

export function FaultPage(props: { error: unknown; what: string; retry?: () => void }) {
  return (
    <div className="page">
      <h1 className="visually-hidden">{props.what}</h1>
      <Fault {...props} />
    </div>
  );
}
