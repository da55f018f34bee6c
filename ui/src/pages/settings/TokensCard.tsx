import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer, Input, Select } from "antd";
import { useState } from "react";
import { deleteToken, makeToken } from "../../api/actions";
import * as queries from "../../api/queries";
import type { Role, TokenRow } from "../../api/types";
import { Card } from "../../components/Card";
import { Query } from "../../components/Query";
import { useAct } from "../../components/useAct";
import { useWords } from "../../i18n/useWords";

/** Tokens for scripts: what they may do, when they were last used. The secret is shown one time. */
export function TokensCard() {
  const { t } = useWords();
  const result = useQuery(queries.tokens());
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Card
      title={t("tokens.title")}
      note={t("tokens.note")}
      extra={
        <Button size="small" onClick={() => setOpen(true)} data-testid="token-new">
          {t("tokens.new…")}
        </Button>
      }
    >
      <div className="stack mid-gap">
        {secret && (
          <Alert
            type="success"
            title={t("tokens.once")}
            description={<code data-testid="token-secret">{secret}</code>}
            closable={{ onClose: () => setSecret(null), "aria-label": t("action.close_panel") }}
          />
        )}
        <Query result={result} what={t("tokens.title")}>
          {(rows) => (rows.length === 0 ? <p className="list dim">{t("tokens.none")}</p> : <TokenList rows={rows} />)}
        </Query>
      </div>
      <NewToken open={open} onClose={() => setOpen(false)} onMade={setSecret} />
    </Card>
  );
}

function TokenList({ rows }: { rows: TokenRow[] }) {
  const { t, nearTime } = useWords();
  const act = useAct(deleteToken, { done: t("tokens.deleted"), kinds: ["tokens"] });
  return (
    <ul className="plain-list">
      {rows.map((row) => (
        <li key={row.id} className="row between">
          <span>
            <strong className="list">{row.name}</strong>
            <span className="small dim">
              {" "}
              {row.roles.map((role) => t(`role.${role}`)).join(t("word.comma"))} · {row.last_used_at ? t("tokens.used", { at: nearTime(row.last_used_at) }) : t("tokens.never_used")}
              {row.expires_at && ` · ${t("tokens.until", { at: nearTime(row.expires_at) })}`}
            </span>
          </span>
          <button type="button" className="plain-button" disabled={act.isPending} onClick={() => act.mutate(row.id)}>
            {t("tokens.delete", { name: row.name })}
          </button>
        </li>
      ))}
    </ul>
  );
}

function NewToken({ open, onClose, onMade }: { open: boolean; onClose: () => void; onMade: (secret: string) => void }) {
  const { t } = useWords();
  const { data: me } = useQuery(queries.session());
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<Role[]>([]);
  const act = useAct(() => makeToken(name, roles), {
    done: t("tokens.made"),
    kinds: ["tokens"],
    after: (token) => {
      onMade(token.secret);
      setName("");
      onClose();
    },
  });
  return (
    <Drawer
      open={open}
      onClose={onClose}
      title={t("tokens.new_title")}
      closable={{ "aria-label": t("action.close_panel") }}
      footer={
        <Button type="primary" disabled={!name.trim() || roles.length === 0} loading={act.isPending} data-testid="token-make" onClick={() => act.mutate(undefined)}>
          {t("tokens.make")}
        </Button>
      }
    >
      <div className="stack">
        <label className="stack tight">
          <span className="small mid">{t("tokens.name")}</span>
          <Input value={name} data-testid="token-name" onChange={(event) => setName(event.target.value)} />
        </label>
        <label className="stack tight">
          <span className="small mid">{t("people.roles")}</span>
          <Select
            mode="multiple"
            value={roles}
            options={(me?.roles ?? []).map((role) => ({ value: role, label: t(`role.${role}`) }))}
            onChange={setRoles}
          />
        </label>
        <p className="small dim">{t("tokens.help")}</p>
      </div>
    </Drawer>
  );
}
