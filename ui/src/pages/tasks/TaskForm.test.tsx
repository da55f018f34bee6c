import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { run } from "axe-core";
import { describe, expect, it } from "vitest";
import type { FormField, TaskPage } from "../../api/types";
import { renderOver } from "../../test/render";
import { TaskForm } from "./TaskForm";

const form: FormField[] = [
  { name: "decision", label: { en: "What now", zh: null }, type: "choice", required: true, options: ["act", "nothing_to_do"] },
  { name: "cause", label: { en: "What happened", zh: null }, type: "text", required: false, options: [] },
];
const task = {
  id: "T-1",
  kind: "task",
  title: { en: "Decide whether to act", zh: null },
  form,
  answer: {},
  incident_id: null,
  state: "open",
} as unknown as TaskPage;
const answers = { "POST /tasks/T-1/complete": { ...task, state: "done" }, "GET /metrics": [] };

describe("a task's form", () => {
  it("asks for what is missing and sends nothing", async () => {
    const { asked } = await renderOver(answers, <TaskForm task={task} />);
    await userEvent.click(await screen.findByTestId("task-complete"));
    expect(screen.getByText("Fill in “What now”")).toBeTruthy();
    expect(asked.filter((one) => one.method === "POST")).toEqual([]);
  });

  it("sends the answers under the fields' names", async () => {
    const { asked } = await renderOver(answers, <TaskForm task={task} />);
    await userEvent.click(await screen.findByText("Nothing to do"));
    await userEvent.type(screen.getByTestId("field-cause"), "Fog");
    await userEvent.click(screen.getByTestId("task-complete"));
    await waitFor(() => expect(asked.some((one) => one.method === "POST")).toBe(true));
    expect(asked.find((one) => one.method === "POST")).toEqual({
      method: "POST",
      path: "/tasks/T-1/complete",
      body: { answer: { decision: "nothing_to_do", cause: "Fog" }, note: "" },
    });
  });

  it("has names for all its fields", async () => {
    const { view } = await renderOver(answers, <TaskForm task={task} />);
    await screen.findByTestId("task-complete");
    const found = await run(view.container, { runOnly: ["wcag2a", "wcag2aa"], rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((one) => one.id)).toEqual([]);
  });
});
