import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { createElement } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/client";

interface Options<A> {
  done: string;
  kinds: string[];
  undo?: (answer: A) => Promise<unknown>;
  after?: (answer: A) => void;
}

/** Runs a change, refreshes what it touches, and says that it is done, with undo where there is one. */
export function useAct<V, A>(change: (input: V) => Promise<A>, options: Options<A>) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const { t } = useTranslation();
  const refresh = () => Promise.all(options.kinds.map((kind) => client.invalidateQueries({ queryKey: [kind] })));

  return useMutation({
    mutationFn: change,
    onSuccess: async (answer) => {
      const { undo } = options;
      const key = `done-${Date.now()}`;
      const takeBack = () => {
        message.destroy(key);
        void undo?.(answer).then(refresh, report);
      };
      const button = undo
        ? createElement("button", { className: "plain-button", onClick: takeBack }, t("action.undo"))
        : null;
      // Eight seconds are enough to take something back; a mere notice goes sooner.
      void message.success({ key, duration: undo ? 8 : 3, content: createElement("span", { className: "row" }, options.done, button) });
      options.after?.(answer);
      await refresh();
    },
    onError: report,
  });

  function report(error: unknown): void {
    const text =
      error instanceof Problem
        ? [
            t(`problem.${error.code}`, { defaultValue: error.detail || error.title }),
            error.fix && t("problem.fix", { fix: error.fix }),
          ]
            .filter(Boolean)
            .join(". ")
        : String(error);
    void message.error(text);
  }
}
