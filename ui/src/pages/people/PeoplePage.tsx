import { useQuery } from "@tanstack/react-query";
import * as queries from "../../api/queries";
import type { PersonRow } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { Avatar, PersonName } from "../../components/Person";
import { Query } from "../../components/Query";
import { Scroll } from "../../components/Scroll";
import { useWords } from "../../i18n/useWords";

const mostSlices = 6;

/** Who answers for what, and by which way each is reached. */
export function PeoplePage() {
  const { t } = useWords();
  const people = useQuery(queries.people());
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.people")}</h1>
        {people.data && <span className="mid">{t("people.count", { count: people.data.length })}</span>}
      </div>
      <section className="card card-flush" aria-label={t("nav.people")}>
        <Query result={people} what={t("nav.people")}>
          {(rows) => (
            <Scroll label={t("nav.people")}>
              <PeopleTable rows={rows} />
            </Scroll>
          )}
        </Query>
      </section>
      <Teams />
    </div>
  );
}

function PeopleTable({ rows }: { rows: PersonRow[] }) {
  const { t, slice } = useWords();
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t("people.name")}</th>
          <th scope="col">{t("people.owns")}</th>
          <th scope="col">{t("people.contacts")}</th>
          <th scope="col">{t("people.roles")}</th>
          <th scope="col" className="right">{t("people.open")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <span className="row">
                <Avatar person={row} />
                <span>
                  <strong>
                    <PersonName person={row} />
                  </strong>
                  <span className="small dim"> {row.teams.join(t("word.comma"))}</span>
                </span>
              </span>
            </td>
            <td className="mid">
              {row.owns.slice(0, mostSlices).map(slice).join(t("word.comma")) || <span className="dim">{t("people.owns_nothing")}</span>}
              {row.owns.length > mostSlices && <span className="dim"> {t("people.and_more", { count: row.owns.length - mostSlices })}</span>}
            </td>
            <td>
              {row.contacts.length === 0 && (
                <span className="bad row" style={{ gap: 4 }}>
                  <Icon name="alert" size={14} />
                  {t("people.no_contact")}
                </span>
              )}
              {row.contacts.map((contact) => (
                <div key={`${contact.channel}-${contact.address}`} className="small row" style={{ gap: 4 }}>
                  <span className={contact.verified ? "good" : "bad"}>
                    <Icon name={contact.verified ? "check" : "alert"} size={14} />
                  </span>
                  {t(`channel.${contact.channel}`, { defaultValue: contact.channel })} {contact.address}
                  <span className="dim">{t(contact.verified ? "people.verified" : "people.not_verified")}</span>
                </div>
              ))}
            </td>
            <td className="mid">{row.roles.map((role) => t(`role.${role}`)).join(t("word.comma"))}</td>
            <td className="right">{row.open_incidents}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Teams() {
  const { t, local } = useWords();
  const { data: teams } = useQuery(queries.teams());
  const { data: people } = useQuery(queries.people());
  if (!teams || teams.length === 0) return null;
  const nameOf = (id: string) => people?.find((person) => person.id === id)?.name ?? id;
  return (
    <Card title={t("people.teams")}>
      <dl className="facts">
        {teams.map((team) => (
          <div key={team.id} style={{ display: "contents" }}>
            <dt>{local(team.label) || team.id}</dt>
            <dd>{team.members.map(nameOf).join(t("word.comma"))}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
