import { useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Input } from "antd";
import { useState } from "react";
import { publishReview, saveReview } from "../../api/actions";
import type { IncidentPage, ReviewPage } from "../../api/types";
import { Card } from "../../components/Card";
import { Tag } from "../../components/Tag";
import { useMay } from "../../components/useMay";
import { useAct } from "../../components/useAct";
import { aboutIncident, useWords } from "../../i18n/useWords";

/** The drafted review: facts written by the system, cause and lesson by a person. */
export function ReviewCard({ incident }: { incident: IncidentPage }) {
  const { t, message } = useWords();
  const [open, setOpen] = useState(false);
  const { review } = incident;
  const may = useMay();
  if (review === null) return null;
  const draft = review.state === "draft";
  const about = aboutIncident(incident);
  return (
    <Card
      id="review"
      title={t("review.title")}
      extra={<Tag icon={draft ? "wait" : "check"} tone={draft ? "wait" : "plain"}>{t(`review.${review.state}`)}</Tag>}
    >
      <div className="stack mid-gap">
        <ul className="effects list mid">
          {review.summary.map((line, index) => (
            <li key={`${line.code}-${index}`}>{message(line, about)}</li>
          ))}
        </ul>
        <dl className="facts">
          <dt>{t("review.cause")}</dt>
          <dd>{review.cause || <span className="dim">{t("review.not_written")}</span>}</dd>
          <dt>{t("review.lesson")}</dt>
          <dd>{review.lesson || <span className="dim">{t("review.not_written")}</span>}</dd>
        </dl>
        {draft && may("review.write") && (
          <Button onClick={() => setOpen(true)} data-testid="review-edit">
            {t("review.edit…")}
          </Button>
        )}
      </div>
      {open && <ReviewDrawer id={incident.id} review={review} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function ReviewDrawer({ id, review, onClose }: { id: number; review: ReviewPage; onClose: () => void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [cause, setCause] = useState(review.cause);
  const [lesson, setLesson] = useState(review.lesson);
  const kinds = ["incident", "knowledge", "loop", "task"];
  const save = useAct(() => saveReview(id, cause, lesson), { done: t("review.saved"), kinds, after: onClose });
  const publish = useAct(() => publishReview(id, cause, lesson), {
    done: t("review.is_published"),
    kinds,
    after: () => {
      void client.invalidateQueries({ queryKey: ["knowledge"] });
      onClose();
    },
  });
  return (
    <Drawer
      open
      size={480}
      title={t("review.title")}
      onClose={onClose}
      closable={{ "aria-label": t("action.close_panel") }}
      footer={
        <div className="row">
          <Button type="primary" disabled={!cause.trim()} loading={publish.isPending} data-testid="review-publish" onClick={() => publish.mutate(undefined)}>
            {t("review.publish")}
          </Button>
          <Button loading={save.isPending} data-testid="review-save" onClick={() => save.mutate(undefined)}>
            {t("review.save")}
          </Button>
        </div>
      }
    >
      <div className="stack">
        <p className="list mid">{t("review.help")}</p>
        <label className="stack tight">
          <span className="small mid">{t("review.cause")}</span>
          <Input.TextArea rows={3} value={cause} data-testid="review-cause" onChange={(event) => setCause(event.target.value)} />
        </label>
        <label className="stack tight">
          <span className="small mid">{t("review.lesson")}</span>
          <Input.TextArea rows={3} value={lesson} data-testid="review-lesson" onChange={(event) => setLesson(event.target.value)} />
        </label>
      </div>
    </Drawer>
  );
}
