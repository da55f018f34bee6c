import { Modal } from "antd";
import { useTranslation } from "react-i18next";

const keys: [string, string][] = [
  ["⌘K", "palette"],
  ["g l", "go_loop"],
  ["g t", "go_tasks"],
  ["g i", "go_incidents"],
  ["g m", "go_metrics"],
  ["g p", "go_proposals"],
  ["j / k", "move"],
  ["Enter", "open"],
  ["a", "acknowledge"],
  ["e", "primary"],
  ["l", "label"],
  ["c", "comment"],
  ["z", "undo"],
  ["?", "help"],
];

export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      title={t("keys.title")}
      width={420}
      closable={{ "aria-label": t("action.close_panel") }}
    >
      <dl className="facts">
        {keys.map(([key, name]) => (
          <div key={key} style={{ display: "contents" }}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
