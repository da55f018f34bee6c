import { api, data } from "./client";
import type { EditBody, Mode, Role, Verdict } from "./types";

/** Everything the pages change. Each answers with the new state of what was changed. */

export const logIn = (username: string, password: string) =>
  data(api.POST("/api/v1/session", { body: { username, password } }));

export const logInByLink = (link: string) => data(api.POST("/api/v1/session/link", { body: { link } }));

export const logOut = () => data(api.DELETE("/api/v1/session"));

export const setLanguage = (language: "zh" | "en") =>
  data(api.PUT("/api/v1/session/language", { body: { language } }));

const on = (id: number) => ({ path: { id } });

export const incidentActions = {
  acknowledge: (id: number, note: string) =>
    data(api.POST("/api/v1/incidents/{id}/acknowledge", { params: on(id), body: { note } })),
  take: (id: number, note: string) =>
    data(api.POST("/api/v1/incidents/{id}/take", { params: on(id), body: { note } })),
  resolve: (id: number, note: string) =>
    data(api.POST("/api/v1/incidents/{id}/resolve", { params: on(id), body: { note } })),
  reopen: (id: number, note: string) =>
    data(api.POST("/api/v1/incidents/{id}/reopen", { params: on(id), body: { note } })),
  close: (id: number, note: string) =>
    data(api.POST("/api/v1/incidents/{id}/close", { params: on(id), body: { note } })),
  accept: (id: number, note: string) =>
    data(api.POST("/api/v1/incidents/{id}/accept", { params: on(id), body: { note } })),
  comment: (id: number, note: string) =>
    data(api.POST("/api/v1/incidents/{id}/comment", { params: on(id), body: { note } })),
} as const;

export const assignIncident = (id: number, person: string, note: string) =>
  data(api.POST("/api/v1/incidents/{id}/assign", { params: on(id), body: { person, note } }));

export const addLabel = (id: number, verdict: Verdict, note: string) =>
  data(api.POST("/api/v1/incidents/{id}/labels", { params: on(id), body: { verdict, note } }));

export const withdrawLabel = (id: string) =>
  data(api.DELETE("/api/v1/labels/{id}", { params: { path: { id } } }));

export const saveReview = (id: number, cause: string, lesson: string) =>
  data(api.PUT("/api/v1/incidents/{id}/review", { params: on(id), body: { cause, lesson } }));

export const publishReview = (id: number, cause: string, lesson: string) =>
  data(api.POST("/api/v1/incidents/{id}/review/publish", { params: on(id), body: { cause, lesson } }));

export type Answer = Record<string, string | number | boolean>;

export const completeTask = (id: string, answer: Answer, note: string) =>
  data(api.POST("/api/v1/tasks/{id}/complete", { params: { path: { id } }, body: { answer, note } }));

export const approve = (task_id: string, reason: string) =>
  data(api.POST("/api/v1/approvals/{task_id}/approve", { params: { path: { task_id } }, body: { reason } }));

export const rejectApproval = (task_id: string, reason: string) =>
  data(api.POST("/api/v1/approvals/{task_id}/reject", { params: { path: { task_id } }, body: { reason } }));

export type RunAction = "pause" | "resume" | "skip" | "retry" | "abort" | "mode";

export const controlRun = (id: string, action: RunAction, reason: string, mode?: Mode) =>
  data(
    api.POST("/api/v1/runs/{id}/control", {
      params: { path: { id } },
      body: { action, reason, mode: mode ?? null },
    }),
  );

export const acceptProposal = (id: string, reason: string) =>
  data(api.POST("/api/v1/proposals/{id}/accept", { params: { path: { id } }, body: { reason } }));

export const rejectProposal = (id: string, reason: string) =>
  data(api.POST("/api/v1/proposals/{id}/reject", { params: { path: { id } }, body: { reason } }));

export const setSiteMode = (mode: Mode, reason: string) =>
  data(api.PUT("/api/v1/loop/mode", { body: { mode, reason } }));

export const setClockSpeed = (speed: number) => data(api.PUT("/api/v1/loop/clock", { body: { speed } }));

export const makeToken = (name: string, roles: Role[]) =>
  data(api.POST("/api/v1/tokens", { body: { name, roles } }));

export const deleteToken = (id: string) =>
  data(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } }));

/** Definitions: what is wrong, what it would mean, what it would read, and making it live. */
export const checkDefinitions = (edits: EditBody[]) => data(api.POST("/api/v1/definitions/check", { body: { edits } }));

export const planDefinitions = (edits: EditBody[]) => data(api.POST("/api/v1/definitions/plan", { body: { edits } }));

export const previewDefinitions = (metric: string, edits: EditBody[]) =>
  data(api.POST("/api/v1/definitions/preview", { body: { metric, edits } }));

export const publishDefinitions = (edits: EditBody[]) => data(api.POST("/api/v1/definitions/publish", { body: { edits } }));
