import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import * as queries from "../../api/queries";
import type { IncidentPage as Incident } from "../../api/types";
import { Query } from "../../components/Query";
import { useWords } from "../../i18n/useWords";
import { AttributionCard } from "./AttributionCard";
import { ChartCard } from "./ChartCard";
import { DataCard } from "./DataCard";
import { IncidentHead } from "./IncidentHead";
import { LabelCard } from "./LabelCard";
import { NotificationsCard } from "./NotificationsCard";
import { OwnerPanel } from "./OwnerPanel";
import { PlaybookCard } from "./PlaybookCard";
import { ReviewCard } from "./ReviewCard";
import { SimilarCard } from "./SimilarCard";
import { TimelineCard } from "./TimelineCard";
import "./incident.css";

/** What happened, who has it, what is next. */
export function IncidentPage() {
  const { t } = useWords();
  const { id = "" } = useParams({ strict: false });
  const result = useQuery(queries.incident(Number(id)));
  return (
    <Query result={result} what={t("incident.what", { id })} whole>
      {(incident) => <Content incident={incident} />}
    </Query>
  );
}

function Content({ incident }: { incident: Incident }) {
  useAnchor();
  const aboutBusiness = incident.kind === "business"; // data have no chart, no slices and no labels
  return (
    <div className="page">
      <IncidentHead incident={incident} />
      <OwnerPanel incident={incident} />
      <div className="columns incident-columns">
        <div className="stack">
          {!aboutBusiness && <DataCard incident={incident} />}
          {aboutBusiness && <ChartCard incident={incident} />}
          {aboutBusiness && <AttributionCard incident={incident} />}
          <TimelineCard incident={incident} />
        </div>
        <div className="stack">
          {(incident.run || incident.tasks.length > 0) && <PlaybookCard incident={incident} />}
          {aboutBusiness && <LabelCard incident={incident} />}
          {aboutBusiness && <ReviewCard incident={incident} />}
          {aboutBusiness && <SimilarCard incident={incident} />}
          <NotificationsCard incident={incident} />
        </div>
      </div>
    </div>
  );
}

/** A notification links to a part of the page (`#approve`, `#label`); data come later than the address. */
function useAnchor() {
  useEffect(() => {
    const { hash } = window.location;
    if (hash) document.querySelector(hash)?.scrollIntoView();
  }, []);
}
