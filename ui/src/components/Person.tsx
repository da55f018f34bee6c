import { useTranslation } from "react-i18next";
import type { Actor, PersonRef } from "../api/types";
import { Icon } from "./Icon";

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  if (/[\u4e00-\u9fff]/.test(name)) return name.slice(0, 1);
  return words
    .slice(0, 2)
    .map((word) => word.slice(0, 1).toUpperCase())
    .join("");
}

export function Avatar({ person }: { person: PersonRef }) {
  return (
    <span className="avatar" aria-hidden="true">
      {person.scripted ? <Icon name="robot" size={14} /> : initials(person.name)}
    </span>
  );
}

/** Marks a responder that the demo plays; it stands wherever such a person is named. */
export function ScriptedMark() {
  const { t } = useTranslation();
  return (
    <span className="scripted" title={t("person.scripted_help")}>
      {t("person.scripted")}
    </span>
  );
}

export function PersonName({ person }: { person: PersonRef | null }) {
  const { t } = useTranslation();
  if (person === null) return <span className="dim">{t("person.nobody")}</span>;
  return (
    <span className="person">
      {person.name}
      {person.scripted && <ScriptedMark />}
    </span>
  );
}

export function ActorName({ actor }: { actor: Actor | null }) {
  const { t } = useTranslation();
  if (actor === null || actor.kind === "system" || !actor.person) return <>{t("person.system")}</>;
  return <PersonName person={actor.person} />;
}
