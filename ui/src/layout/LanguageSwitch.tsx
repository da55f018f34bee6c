import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { setLanguage } from "../api/actions";
import * as queries from "../api/queries";
import { switchLanguage, type Language } from "../i18n";

/** One button to the other language, named in that language. A logged-in person keeps it on the server. */
export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const client = useQueryClient();
  const { data: me } = useQuery({ ...queries.session(), enabled: false });
  const other: Language = i18n.language === "zh" ? "en" : "zh";
  const change = async () => {
    await switchLanguage(other);
    if (me) client.setQueryData(queries.session().queryKey, await setLanguage(other));
  };
  return (
    <button
      type="button"
      className="plain-button language"
      lang={other === "zh" ? "zh-CN" : "en"}
      data-testid="language-switch"
      onClick={() => void change().catch(() => undefined)}
    >
      {other === "zh" ? "中文" : "English"}
    </button>
  );
}
