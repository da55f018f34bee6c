import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import * as queries from "../../api/queries";
import type { ReviewPage } from "../../api/types";
import { Card } from "../../components/Card";
import { Icon } from "../../components/Icon";
import { PersonName } from "../../components/Person";
import { Query } from "../../components/Query";
import { Empty } from "../../components/states";
import { formatDifference } from "../../i18n/numbers";
import { useWords } from "../../i18n/useWords";
import { useQueryState } from "../../layout/useQueryState";

const step = 20;

/** What was learnt: the published reviews, newest first. */
export function KnowledgePage() {
  const { t } = useWords();
  const [search, setSearch] = useQueryState();
  const result = useQuery(queries.knowledge());
  const [most, setMost] = useState(step);
  const wanted = (search.q ?? "").toLowerCase();
  const fits = (review: ReviewPage) => `#${review.incident_id} ${review.cause} ${review.lesson}`.toLowerCase().includes(wanted);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.knowledge")}</h1>
        <span className="mid">{t("knowledge.purpose")}</span>
        <span className="grow" />
        <Input
          allowClear
          prefix={<Icon name="search" size={14} />}
          placeholder={t("knowledge.search")}
          aria-label={t("knowledge.search")}
          style={{ width: 240 }}
          value={search.q ?? ""}
          onChange={(event) => setSearch({ q: event.target.value || undefined })}
        />
      </div>
      <Query result={result} what={t("nav.knowledge")}>
        {(reviews) => {
          const shown = reviews.filter(fits);
          if (shown.length === 0) {
            return (
              <Card>
                <Empty icon="knowledge" title={t(reviews.length === 0 ? "knowledge.none" : "incidents.none_fit")} text={t("knowledge.none_help")} />
              </Card>
            );
          }
          return (
            <>
              {shown.slice(0, most).map((review) => (
                <Article key={review.incident_id} review={review} />
              ))}
              {shown.length > most && (
                <Button onClick={() => setMost(most + step)}>{t("knowledge.more", { count: shown.length - most })}</Button>
              )}
            </>
          );
        }}
      </Query>
    </div>
  );
}

function Article({ review }: { review: ReviewPage }) {
  const { t, message, time } = useWords();
  return (
    <Card
      title={
        <Link to="/incidents/$id" params={{ id: String(review.incident_id) }} data-row>
          #{review.incident_id} {review.cause}
        </Link>
      }
      note={time(review.published_at)}
      extra={
        <span className="small mid">
          <PersonName person={review.by} />
        </span>
      }
    >
      <div className="stack mid-gap">
        {review.lesson && <p>{review.lesson}</p>}
        <ul className="effects list mid">
          {review.summary.map((line, index) => (
            <li key={`${line.code}-${index}`}>{message(line, { unit: review.impact_unit })}</li>
          ))}
          {review.impact !== null && <li>{t("knowledge.impact", { impact: `${formatDifference(review.impact, review.impact_unit)} ${t(`unit.${review.impact_unit}`, { defaultValue: "" })}` })}</li>}
        </ul>
      </div>
    </Card>
  );
}
