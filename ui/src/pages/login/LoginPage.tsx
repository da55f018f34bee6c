import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Alert, Button, Input } from "antd";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { logIn, logInByLink } from "../../api/actions";
import { Problem } from "../../api/client";
import { session } from "../../api/queries";
import type { Me } from "../../api/types";
import { ProblemText } from "../../components/states";
import { switchLanguage } from "../../i18n";
import { LanguageSwitch } from "../../layout/LanguageSwitch";
import { Logo } from "../../layout/Logo";
import { useQueryState } from "../../layout/useQueryState";
import "./login.css";

/** Why one is not let in, in the reader's language; what else went wrong is told as it is. */
function Refusal({ error, byLink }: { error: unknown; byLink: boolean }) {
  const { t } = useTranslation();
  const refused = error instanceof Problem && error.status === 401;
  return refused ? <>{t(byLink ? "problem.login_link_used" : "problem.bad_credentials")}</> : <ProblemText error={error} />;
}

// Only a path of this very site: an address from outside must not decide where one lands.
const safePath = (next: string | undefined) => (next && /^\/(?![/\\])/.test(next) ? next : "/");

/** The password form; a log-in link (`/login?link=SECRET`) posts itself. */
export function LoginPage() {
  const { t } = useTranslation();
  const [search] = useQueryState();
  const router = useRouter();
  const client = useQueryClient();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(Boolean(search.link));
  const posted = useRef(false);

  const enter = async (answer: Promise<Me>) => {
    setBusy(true);
    setError(null);
    try {
      const me = await answer;
      client.clear();
      client.setQueryData(session().queryKey, me);
      await switchLanguage(me.language);
      router.history.replace(safePath(search.next));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  useEffect(() => {
    if (!search.link || posted.current) return;
    posted.current = true; // the secret works once
    void enter(logInByLink(search.link));
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter(logIn(username, password));
  };

  return (
    <main className="login">
      <form className="card login-card stack" onSubmit={submit}>
        <div className="row">
          <Logo />
          <h1>metricloop</h1>
        </div>
        <p className="mid">{t("login.purpose")}</p>
        {error !== null && (
          <Alert type="warning" role="alert" title={t(search.link ? "login.link_failed" : "login.failed")} description={<Refusal error={error} byLink={Boolean(search.link)} />} />
        )}
        <label className="stack tight">
          <span className="small mid">{t("login.username")}</span>
          <Input autoFocus autoComplete="username" value={username} data-testid="login-username" onChange={(event) => setUsername(event.target.value)} />
        </label>
        <label className="stack tight">
          <span className="small mid">{t("login.password")}</span>
          <Input.Password
            autoComplete="current-password"
            visibilityToggle={false}
            value={password}
            data-testid="login-password"
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <Button type="primary" htmlType="submit" loading={busy} disabled={!username || !password} data-testid="login-submit">
          {t("login.enter")}
        </Button>
        <div className="row between">
          <span className="small dim">{t("login.help")}</span>
          <LanguageSwitch />
        </div>
      </form>
    </main>
  );
}
