import { Button } from "antd";
import type { ChangeRow } from "../../api/types";
import { Card } from "../../components/Card";
import { DifferenceTable } from "../../components/DifferenceTable";
import { Icon } from "../../components/Icon";
import { ActorName } from "../../components/Person";
import { useWords } from "../../i18n/useWords";
import type { Draft } from "./useDraft";

/** What publishing would mean, in words: what is otherwise, what is read again, what it touches, who may. */
export function PlanCard({ draft, again, onTop }: { draft: Draft; again: () => void; onTop: (hash: string) => void }) {
  const { t } = useWords();
  const { checked } = draft;
  const change = checked?.changes[0];
  return (
    <Card title={t("plan.title")} note={t("plan.note")}>
      <div data-testid="plan" aria-live="polite">
        {change ? (
          <Change change={change} again={again} onTop={onTop} />
        ) : (
          <p className="list mid">{checked === null ? t("editor.checking") : checked.issues.length > 0 ? t("editor.issues_first") : t("editor.unchanged")}</p>
        )}
      </div>
    </Card>
  );
}

function Change({ change, again, onTop }: { change: ChangeRow; again: () => void; onTop: (hash: string) => void }) {
  const { t, message } = useWords();
  return (
    <div className="stack mid-gap list">
      {change.change === "added" && <p>{t("plan.added")}</p>}
      {change.says.length > 0 && (
        <ul className="effects">
          {change.says.map((one) => (
            <li key={JSON.stringify(one)}>{message(one)}</li>
          ))}
        </ul>
      )}
      {change.means.length > 0 && (
        <div>
          <strong>{t("plan.means")}</strong>
          <ul className="effects">
            {change.means.map((one) => (
              <li key={JSON.stringify(one)}>{message(one)}</li>
            ))}
          </ul>
        </div>
      )}
      {change.refused && (
        <p className="row top bad">
          <Icon name="hand" size={14} />
          <span>
            {message(change.refused)} {change.publishers.length > 0 && t("plan.publishers", { people: change.publishers.map((one) => one.name).join(t("word.comma")) })}
          </span>
        </p>
      )}
      {change.moved && <Moved moved={change.moved} again={again} onTop={onTop} />}
    </div>
  );
}

/** Somebody else was quicker: what they changed, and the two ways on. Nothing of theirs is lost unseen. */
function Moved({ moved, again, onTop }: { moved: NonNullable<ChangeRow["moved"]>; again: () => void; onTop: (hash: string) => void }) {
  const { t, time } = useWords();
  return (
    <div className="stack mid-gap" data-testid="moved" role="alert">
      <p className="row top bad">
        <Icon name="alert" size={14} />
        <span>
          {t("plan.moved", { version: moved.version, at: time(moved.at) })} <ActorName actor={moved.by} />
        </span>
      </p>
      <DifferenceTable rows={moved.differences} />
      <div className="row wrap">
        <Button onClick={again}>{t("plan.take_theirs")}</Button>
        <Button onClick={() => onTop(moved.hash)}>{t("plan.keep_mine")}</Button>
      </div>
    </div>
  );
}
